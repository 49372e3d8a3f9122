/** Ends a script that takes no options with its help: with exit status 0 for `--help`, 2 for any other argument. */
export function helpOnly(usage: string): void {
  const args = process.argv.slice(2);
  if (args.length === 0) {
    return;
  }
  const isHelp = args.every((argument) => argument === '--help' || argument === '-h');
  process[isHelp ? 'stdout' : 'stderr'].write(isHelp ? usage : `Unknown argument: ${args.join(' ')}\n\n${usage}`);
  process.exit(isHelp ? 0 : 2);
}
