import { simulatedIam } from './authoriser';
import { onLocalAws } from './local-session';
import { parseOptions, USAGE } from './options';
import { show } from './show';
import { tellStory } from './story';
import { Terminal } from './terminal';
import { runCommand } from './usage';

runCommand(
  USAGE,
  () => parseOptions(process.argv.slice(2)),
  (options) => {
    const terminal = Terminal.beside(options);
    const rules = { strict: true, authoriser: simulatedIam, deletionTime: () => options.deletionSeconds * 1000 };
    return onLocalAws(rules, async (aws) => show(await tellStory(aws, options, terminal), options, terminal));
  },
);
