import { rehearseCommand } from '../../rehearsal/command/command';
import { runCommand } from '../../rehearsal/usage';
import type { Outcome } from './command';

/**
 * Runs `rehearse` in this process, as {@link runRehearse} does in one of its own: with nothing of the person's own, in a
 * folder, and with nobody at the keyboard. The CDK Toolkit Library takes a process two seconds to load.
 */
export async function runRehearseHere(
  args: readonly string[],
  { cwd, home, env = {} }: { readonly cwd: string; readonly home: string; readonly env?: Record<string, string> },
): Promise<Outcome> {
  const variables = { ...process.env };
  const folder = process.cwd();
  const { PATH, CDK_VALIDATION, TMPDIR } = process.env;
  const said = { stdout: '', stderr: '' };
  const hears = (['stdout', 'stderr'] as const).map((name) =>
    jest.spyOn(process[name], 'write').mockImplementation((text) => ((said[name] += String(text)), true)),
  );
  try {
    become({ PATH, CDK_VALIDATION, TMPDIR, HOME: home, ...env });
    process.chdir(cwd);
    await runCommand(rehearseCommand, ['rehearse', ...args]);
    return { code: Number(process.exitCode ?? 0), ...said };
  } finally {
    hears.forEach((each) => each.mockRestore());
    process.chdir(folder);
    process.exitCode = undefined;
    become(variables);
  }
}

function become(variables: Readonly<Record<string, string | undefined>>): void {
  Object.keys(process.env).forEach((name) => delete process.env[name]);
  Object.entries(variables).forEach(([name, value]) => value !== undefined && (process.env[name] = value));
}
