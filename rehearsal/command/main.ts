import { show, showResult } from '../show';
import { Terminal } from '../terminal';
import { runCommand } from '../usage';
import { withAssembly } from './app';
import { parseOptions, USAGE } from './options';
import { rehearse } from './rehearse';
import { rehearseDeployed } from './toolkit/rehearse';

runCommand(
  USAGE,
  () => parseOptions(process.argv.slice(2)),
  async (options) => {
    const terminal = Terminal.beside(options);
    if (options.deployTo) {
      return showResult(await rehearseDeployed(options, options.deployTo, terminal), options, terminal);
    }
    const recording = await withAssembly(options, (assembly) => rehearse(assembly, options, terminal));
    return show(recording, options, terminal);
  },
);
