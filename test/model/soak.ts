import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { program } from './program';
import { run, type Tally } from './run';

void (async (): Promise<void> => {
  const tally: Tally = new Map();
  const start = performance.now();
  let n = 0;
  const out = await fc.check(
    fc.asyncProperty(program, async (p) => {
      await run(p, tally);
      n++;
    }),
    {
      numRuns: Number(process.argv[2] ?? 50),
      seed: Number(process.argv[3] ?? randomInt(2 ** 31)),
      endOnFailure: false,
    },
  );
  process.stderr.write(`${n} ${(performance.now() - start) / n} ms each ${JSON.stringify([...tally])}\n`);
  process.stderr.write(String((out.errorInstance as Error)?.stack) + '\n');
  process.stderr.write(fc.defaultReportMessage(out) + '\n');
})();
