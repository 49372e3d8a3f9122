import { simulatedIam } from './authoriser';
import { exampleAccount } from '../local';
import { onLocalAws } from './local-session';
import { parseOptions, USAGE } from './options';
import { outliveReaders } from './readers';
import { Recorder } from './recorder';
import { conclude } from './result';
import { show } from './show';
import { tellStory } from './story';
import { Terminal } from './terminal';
import { runCommand } from './usage';

outliveReaders();

void runCommand({
  name: 'start',
  usage: USAGE,
  parse: parseOptions,
  run: (options, signal) => {
    const terminal = Terminal.beside(options);
    const rules = { strict: true, authoriser: simulatedIam, deletionTime: () => options.deletionSeconds * 1000 };
    return onLocalAws(rules, async (aws) => {
      const recorder = new Recorder(aws, terminal, signal, exampleAccount);
      await tellStory(aws, options, recorder, terminal);
      const recording = recorder.recording();
      return show('start', conclude(recording), options, terminal, recording);
    });
  },
});
