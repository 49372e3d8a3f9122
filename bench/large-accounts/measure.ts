import { App, Duration, Stack } from 'aws-cdk-lib';
import { JobSweep } from '../../lib';
import { synthesizedStack } from '../../local/assembly';
import { LocalAws } from '../../local/aws';
import { Faults } from '../../local/faults/faults';
import { usageOf } from '../../local/lambda/metering';
import { countBy } from '../count-by';
import { type LargeAccount, matchId } from './cases';
import { peakMegabytes } from './memory';

/** What the deletion of a stack with the sweep showed. */
export interface Measured {
  readonly account: LargeAccount;
  /** Calls of AWS IoT before the first order. */
  readonly callsToFind: number;
  /** Calls of AWS IoT in all, by operation. */
  readonly calls: Readonly<Record<string, number>>;
  /** Invocations of the handler, the one by CloudFormation included. */
  readonly invocations: number;
  readonly lambdaSeconds: number;
  readonly wallSeconds: number;
  /** When the last job was gone, against the best that the service allows. */
  readonly ratio: number;
  readonly left: number;
  /** The most memory of the handler's process, where it has one of its own. */
  readonly megabytes?: number;
  readonly status: string;
  readonly reason?: string;
}

/**
 * Deletes a stack in a large account, in virtual time: computing takes none.
 *
 * @param isProcess whether the handler runs in a process of its own instead, in real time, for its memory to be measured
 */
export async function measure(account: LargeAccount, isProcess = false): Promise<Measured> {
  const { deletionSeconds, denied, matches } = account;
  const aws = await LocalAws.start({
    strict: true,
    virtualTime: !isProcess,
    deletionTime: () => (isProcess ? 10 : deletionSeconds * 1_000),
    callRate: isProcess ? Infinity : undefined,
  });
  try {
    fill(aws, account);
    const { cloudFormation, iot, lambda } = aws;
    const created = await cloudFormation.createStack(stackWith(account));
    if (created.status !== 'CREATE_COMPLETE') {
      throw new Error(`${account.name}: ${created.status}: ${created.reason}`);
    }
    if (denied !== undefined) {
      new Faults({ seed: 1, rules: [{ jobId: denied, fault: 'denied' }] }).attach(aws);
    }
    const before = { calls: iot.calls.length, invocations: lambda.invocations.length };
    const startedAt = aws.clock.now();
    let megabytes: number | undefined;
    // The process ends with its function, before the stack is gone.
    const { functionName } = lambda.invocations.at(-1)!;
    const look = (): number => (megabytes = Math.max(megabytes ?? 0, peakMegabytes(functionName)));
    const timer = isProcess ? setInterval(look, 200) : undefined;
    const { events, status } = await cloudFormation
      .deleteStack({ stackName: 'Large' })
      .finally(() => clearInterval(timer));
    const wallSeconds = (aws.clock.now() - startedAt) / 1_000;
    const calls = iot.calls.slice(before.calls);
    const usage = usageOf(lambda.invocations.slice(before.invocations));
    const ends = iot.histories.flatMap(({ deletedAt }) => deletedAt ?? []);
    const first = calls.findIndex(({ operation }) => operation === 'DeleteJob');
    return {
      account,
      callsToFind: first < 0 ? calls.length : first,
      calls: countBy(calls, ({ operation }) => operation),
      invocations: usage.invocations,
      lambdaSeconds: usage.seconds,
      wallSeconds,
      ratio: (Math.max(...ends.slice(-matches)) - startedAt) / 1_000 / (Math.ceil(matches / 10) * deletionSeconds),
      left: matches - ends.length,
      megabytes,
      status,
      reason: events.find((event) => event.status === 'DELETE_FAILED' && event.type.startsWith('Custom::'))?.reason,
    };
  } finally {
    await aws.close();
  }
}

/** What matches is spread among the strangers. */
function fill(aws: LocalAws, { create, matches, strangers }: LargeAccount): void {
  const every = Math.max(1, Math.floor((strangers + matches) / matches));
  let made = 0;
  for (let index = 0; index < strangers + matches; index++) {
    const isMatch = made < matches && (index % every === 0 || strangers + matches - index <= matches - made);
    create(aws, isMatch ? matchId(made++) : `stranger-${index}`, isMatch);
  }
}

function stackWith({ selection }: LargeAccount): ReturnType<typeof synthesizedStack> {
  const app = new App();
  const stack = new Stack(app, 'Large');
  new JobSweep(stack, 'Sweep', { jobs: selection, force: true, maxJobs: 10_000, timeout: Duration.minutes(58) });
  return synthesizedStack(app.synth(), stack.stackName);
}
