import { show } from '../show';
import { Terminal } from '../terminal';
import { runCommand } from '../usage';
import { withAssembly } from './app';
import { parseOptions, USAGE } from './options';
import { rehearse } from './rehearse';

runCommand(
  USAGE,
  () => parseOptions(process.argv.slice(2)),
  async (options) => {
    const terminal = Terminal.beside(options);
    const recording = await withAssembly(options, (assembly) => rehearse(assembly, options, terminal));
    return show(recording, options, terminal);
  },
);
