import { leftFiles, processes, remove } from './belongings.cjs';

/** After the last test: nothing of ours may be left, neither in the temp folder nor running. */
export default function globalTeardown(): void {
  const folder = process.env.TMPDIR!;
  const left = [...leftFiles(folder), ...processes(folder).map(({ id, command }) => `process ${id}: ${command}`)];
  remove(folder);
  if (left.length > 0) {
    process.stderr.write(`\nThe tests have LEFT BEHIND:\n  ${left.join('\n  ')}\n`);
    process.exitCode = 1;
  }
}
