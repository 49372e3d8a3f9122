/**
 * Whoever reads a command's output may leave, as `| head` does: the command goes on, and its exit status says how it
 * ended. Output that is lost otherwise, on a full disk, is an error.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      if (code !== 'EPIPE') {
        process.stderr.write(`ERROR: The output can't be written: ${message}\n`);
        process.exit(2);
      }
    });
  }
}
