import fc from 'fast-check';
import { besides, withBesides } from './besides';
import { behaviour, program } from './program';
import { type MakeMutant, run, type Tally } from './run';

/** Which programs to run. */
export interface Choice {
  readonly programs: number;
  readonly seed: number;
  /** The path of one failing program, as fast-check reports it: that one alone is run. */
  readonly path?: string;
  /** Don't look for a smaller program that does it, too. */
  readonly endOnFailure?: boolean;
}

/** What came of them. */
export interface Verdict {
  readonly tally: Tally;
  readonly programs: number;
  /** What was violated, by which program, and the command that runs it again. */
  readonly violation?: string;
  /** Of the failing program, among those of the seed. */
  readonly path?: string;
}

/** Runs random programs until one violates what must hold, and then looks for the smallest that does. */
export async function check(
  { programs, seed, path, endOnFailure = path !== undefined }: Choice,
  mutant?: MakeMutant,
  onProgram: (done: number, tally: Tally) => void = () => undefined,
): Promise<Verdict> {
  const tally: Tally = new Map();
  let done = 0;
  const property = fc.asyncProperty(
    program,
    behaviour,
    besides,
    async (steps, { cancellation, goneJobs, pageSize }, rare) => {
      const world = { listLag: { goneJobs }, cancellationTime: () => cancellation, pageSize };
      await run(withBesides(steps, rare), { tally, mutant, world });
      onProgram(++done, tally);
    },
  );
  const result = await fc.check(property, { numRuns: programs, seed, path, endOnFailure });
  if (!result.failed) {
    return { tally, programs: result.numRuns };
  }
  const violation = [
    String((result.errorInstance as Error).message),
    `by: ${JSON.stringify(result.counterexample, undefined, 1)}`,
    `again: npm run soak -- --seed ${seed} --path ${result.counterexamplePath}`,
  ].join('\n');
  return { tally, programs: result.numRuns, violation, path: result.counterexamplePath ?? undefined };
}
