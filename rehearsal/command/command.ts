import { show } from '../show';
import { Terminal } from '../terminal';
import type { Command } from '../usage';
import { withAssembly } from './app';
import { type Options, parseOptions, USAGE } from './options';
import { requireFiles } from './plug-n-play';
import { rehearse } from './rehearse';
import { rehearseDeployed } from './toolkit/rehearse';

/** `rehearse`, of an app of the person who runs it. */
export const rehearseCommand: Command<Options> = {
  name: 'rehearse',
  usage: USAGE,
  parse: parseOptions,
  run: async (options, signal) => {
    const terminal = Terminal.beside(options);
    if (options.deployTo) {
      return show('rehearse', await rehearseDeployed(options, options.deployTo, terminal, signal), options, terminal);
    }
    requireFiles();
    return withAssembly(options, terminal, signal, async (assembly, home) => {
      const { recording, result } = await rehearse(assembly, home, options, terminal, signal);
      return show('rehearse', result, options, terminal, recording);
    });
  },
};
