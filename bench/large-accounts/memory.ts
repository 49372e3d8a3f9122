import { readdirSync, readFileSync } from 'node:fs';

/** The most memory that the processes of a function have had, in megabytes, as Linux counts it. */
export function peakMegabytes(name: string): number {
  const peaks = readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .map((pid) => {
      try {
        const isOfFunction = readFileSync(`/proc/${pid}/environ`, 'utf8').includes(
          `AWS_LAMBDA_FUNCTION_NAME=${name}\0`,
        );
        const [, kilobytes = '0'] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
        return isOfFunction ? Number(kilobytes) / 1000 : 0;
      } catch {
        // It has ended meanwhile.
        return 0;
      }
    });
  return Math.max(...peaks);
}
