import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { check } from './check';
import type { Tally } from './run';
import { deleteManyAtOnce } from './throttled';
import { explore } from './worlds';

const USAGE = `Usage: npm run soak -- [options]

Runs random programs of deploys, updates, failures, rollbacks and deletes over random jobs and
random faults on the embedded AWS, in virtual time, and checks after each step that nothing is
lost and nothing is stuck.

  npm run soak -- --exhaustive

sees every small world instead: one or two jobs, each event, and at each point of an operation a
crash, a second delivery, a stranger or a job that moves, with lists up to date and lagging;
then two of these in the smallest worlds.

  npm run soak -- --at-once 450

deletes a stack with so many deletions, while CloudFormation takes ten calls a second.

  --programs N   how many programs to run (1000)
  --seed N       which ones: printed by every run (random)
  --exhaustive   every small world, instead of random programs
  --at-once N    so many deletions at once, instead of random programs
  --path PATH    only this one of the seed's programs, as a failure prints it
  --help         this text

Exit status: 0 if nothing was violated; 1 if something was: then the smallest program that
does it is printed, with the command that runs it again; 2 for wrong options.
`;

async function main(): Promise<number> {
  // The templates are those of the tests, which CDK has validated.
  process.env.CDK_VALIDATION = 'false';
  const options = {
    programs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    path: { type: 'string' },
    exhaustive: { type: 'boolean', default: false },
    'at-once': { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (values.exhaustive) {
    return exhaustive();
  }
  if (values['at-once'] !== undefined) {
    return atOnce(whole('--at-once', values['at-once']));
  }
  const choice = {
    programs: whole('--programs', values.programs),
    seed: whole('--seed', values.seed),
    path: values.path,
  };
  process.stdout.write(`${choice.programs} programs, --seed ${choice.seed}\n`);

  const start = performance.now();
  const verdict = await check(choice, undefined, (done) => {
    const perSecond = (done / (performance.now() - start)) * 1000;
    const line = `${done} of ${choice.programs} programs, ${perSecond.toFixed(1)} per second`;
    if (process.stderr.isTTY) {
      process.stderr.write(`\r${line}`);
    } else if (done % 100 === 0) {
      process.stderr.write(`${line}\n`);
    }
  });
  process.stderr.write('\n');
  process.stdout.write(`${summary(verdict.tally)}\n`);
  process.stdout.write(
    verdict.violation === undefined
      ? `${verdict.programs} programs, nothing lost, nothing stuck.\n`
      : `VIOLATED after ${verdict.programs} programs: ${verdict.violation}\n`,
  );
  return verdict.violation === undefined ? 0 : 1;
}

async function exhaustive(): Promise<number> {
  const start = performance.now();
  const seconds = (): number => Math.round((performance.now() - start) / 1000);
  const onWorld = (seen: number): void => {
    if (seen % 500 === 0) process.stderr.write(`${seen} worlds, ${seconds()} s\n`);
  };
  const single = await explore({ onWorld });
  const paired = single.violation === undefined ? await explore({ pairs: true, onWorld }) : { worlds: 0 };
  const worlds = single.worlds + paired.worlds;
  const violation = single.violation ?? paired.violation;
  process.stdout.write(
    violation === undefined
      ? `${worlds} worlds, in ${paired.worlds} of them two things happen, in ${seconds()} s, nothing lost, nothing stuck.\n`
      : `VIOLATED after ${worlds} worlds, in the shortest one that shows it: ${violation}\n`,
  );
  return violation === undefined ? 0 : 1;
}

async function atOnce(count: number): Promise<number> {
  const { left, refused, seconds, statuses } = await deleteManyAtOnce(count);
  const isWell = left === 0 && statuses.join() === 'CREATE_COMPLETE,DELETE_COMPLETE';
  const figures = `${seconds} s (virtual), ${refused} calls refused, ${left} jobs left`;
  process.stdout.write(`${count} deletions at once: ${statuses.join(', ')}, ${figures}.\n`);
  return isWell ? 0 : 1;
}

/** What was exercised, the most frequent first. */
function summary(tally: Tally): string {
  const rows = [...tally].sort(([, one], [, other]) => other - one);
  return rows.map(([what, count]) => `${String(count).padStart(8)}  ${what}`).join('\n');
}

function whole(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) {
    throw new TypeError(`${option} takes a whole number, not "${text}".`);
  }
  return value;
}

main().then(
  (status) => (process.exitCode = status),
  (error: Error) => {
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    process.exitCode = 2;
  },
);
