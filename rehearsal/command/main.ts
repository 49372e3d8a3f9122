import { runOperator } from '../../operator/main';
import { show } from '../show';
import { Terminal } from '../terminal';
import { runCommand } from '../usage';
import { withAssembly } from './app';
import { parseOptions, USAGE } from './options';
import { requireFiles } from './plug-n-play';
import { rehearse } from './rehearse';
import { rehearseDeployed } from './toolkit/rehearse';

const [verb, ...rest] = process.argv.slice(2);

void (verb === 'delete-job' || verb === 'plan' || verb === 'sweep'
  ? runOperator(verb, rest).then(exit)
  : runCommand({
      name: 'rehearse',
      usage: USAGE,
      parse: parseOptions,
      run: async (options, signal) => {
        const terminal = Terminal.beside(options);
        if (options.deployTo) {
          return show(
            'rehearse',
            await rehearseDeployed(options, options.deployTo, terminal, signal),
            options,
            terminal,
          );
        }
        requireFiles();
        return withAssembly(options, terminal, signal, async (assembly) => {
          const { recording, result } = await rehearse(assembly, options, terminal, signal);
          return show('rehearse', result, options, terminal, recording);
        });
      },
    }));

/** What was interrupted may still wait or hold connections: nothing of that keeps the process. */
function exit(code: number): void {
  process.exitCode = code;
  process.stdout.write('', () => process.exit());
}
