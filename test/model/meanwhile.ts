import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { Faults } from '../../local/faults/faults';
import type { Account } from './account';
import type { Request } from './answers';
import type { Decided } from './judge';
import type { OtherStack } from './other-stack';
import type { People } from './people';
import type { Strike, Trouble } from './program';
import type { VirtualTime } from './virtual-time';

/** For so long Lambda may repeat an event, in milliseconds. */
const RETRIES = 190_000;

/** A late delivery comes so much later, in milliseconds: most events have a deadline that is later still. */
const VERY_LATE = 20_000;

/** Where something may happen: a crash before or after each call, all else before each. */
export type Place = 'around calls' | 'between calls';

export function placeOf(what: Strike['what']): Place {
  return what === 'crash' ? 'around calls' : 'between calls';
}

/** Delivers an event once more. */
type Delivery = () => Promise<unknown>;

/** What an operation on a stack meets while it runs: faults, crashes, second deliveries, and what other people do. */
export class Meanwhile {
  /** How many points of operations with strikes there were at which something might have happened. */
  readonly points: Record<Place, number> = { 'around calls': 0, 'between calls': 0 };
  random = (): number => 0.5;
  /** What CloudFormation has asked for in this operation, by request id, and what the handler has decided. */
  requests = new Map<string, Request>();
  decisions: Decided[] = [];
  /** Of the events of this operation, and of all operations by request id. */
  private deliveries: Delivery[] = [];
  private readonly allDeliveries = new Map<string, Delivery>();
  private readonly inFlight = new Set<Promise<unknown>>();
  /** When the last second delivery is due. */
  private latest = 0;

  constructor(
    private readonly account: Account,
    private readonly people: People,
    private readonly otherStack: OtherStack,
    private readonly time: VirtualTime,
    private readonly count: (what: string) => void,
  ) {}

  /** Carries an operation out in trouble, and waits for whatever it left running. */
  async during<Result>(trouble: Trouble, operate: () => Promise<Result>): Promise<Result> {
    const { account } = this;
    const generator = xoroshiro128plus(trouble.seed);
    this.random = (): number => uniformFloat64(generator);
    this.requests = new Map();
    this.decisions = [];
    const faults = new Faults({
      seed: trouble.seed,
      rules: [
        ...(trouble.rules ?? []),
        ...[undefined, 'StartExecution', 'PutAnswer'].map((operation) => ({ operation, chance: trouble.faults })),
      ],
    });
    faults.attach(account);
    const { strikes = [] } = trouble;
    if (strikes.some(({ what }) => what === 'late delivery')) {
      await this.time.clock.sleep(VERY_LATE);
    }
    this.strike(trouble);
    this.deliver(trouble);
    // CloudFormation may give up on it, and go on without it.
    account.lambda.intercept = (_name, _payload, next) => this.left(next());
    try {
      return await operate();
    } finally {
      faults.enabled = false;
      account.crashes = (): boolean => false;
      account.meanwhile = (): void => undefined;
      // Lambda repeats an event whose function crashed, after one minute and after two more.
      const mayCrash = trouble.crashes > 0 || strikes.some(({ what }) => what === 'crash');
      await this.time.clock.sleep(Math.max(this.latest - Date.now(), mayCrash ? RETRIES : 0) + 1);
      while (this.inFlight.size > 0) {
        await Promise.all(this.inFlight);
      }
      await Promise.all(account.states.executions.map(({ finished }) => finished));
      await this.otherStack.ended;
      faults.injected.forEach(({ fault }) => this.count(fault));
    }
  }

  /** Lets happen at the handler's calls what is to happen. */
  private strike(trouble: Trouble): void {
    const { account } = this;
    const { strikes = [] } = trouble;
    const isDue = ({ what, at }: Strike, place: Place): boolean => placeOf(what) === place && at === this.points[place];
    account.crashes = (): boolean => {
      const crashes = this.random() < trouble.crashes || strikes.some((strike) => isDue(strike, 'around calls'));
      this.points['around calls'] += strikes.length > 0 ? 1 : 0;
      if (crashes) this.count('crash');
      return crashes;
    };
    const earlier = [...this.allDeliveries.values()];
    account.meanwhile = (): void => {
      // Between two calls there is one moment: after the one is before the other.
      const due = strikes.filter((strike) => isDue(strike, 'between calls'));
      this.points['between calls'] += strikes.length > 0 ? 1 : 0;
      due.forEach(({ what }) => this.happen(what, what === 'late delivery' ? earlier : this.deliveries, trouble));
      if (this.random() < trouble.strangers) void this.left(this.people.interfere(this.random));
    };
  }

  /** Takes down the events that Lambda is given, and delivers some of them twice. */
  private deliver(trouble: Trouble): void {
    const { lambda } = this.account;
    this.deliveries = [];
    this.latest = 0;
    lambda.interceptEvent = (functionName, payload, submit): void => {
      const { RequestId, RequestType, LogicalResourceId, StackId } = JSON.parse(payload) as Readonly<
        Record<string, string>
      >;
      if (this.allDeliveries.has(RequestId!) || !StackId!.includes(':stack/S/')) {
        return submit();
      }
      const again: Delivery = () => lambda.invoke(functionName, payload, 'Event');
      this.deliveries.push(again);
      this.allDeliveries.set(RequestId!, again);
      this.requests.set(RequestId!, { type: RequestType!, logicalId: LogicalResourceId! });
      // The response URL says when it was signed, in whole seconds: the end of that second is meant.
      const at = Math.floor(Date.now() / 1000) * 1000 + 999;
      this.decisions.push({ event: RequestType!, logicalId: LogicalResourceId!, at });
      if (this.random() < trouble.duplicates) {
        this.count('duplicate event');
        // At once, or when the operation is long over: if its provider is gone by then, nobody takes the event.
        const delay = this.random() * (this.random() < 0.5 ? 5_000 : 600_000);
        this.latest = Math.max(this.latest, Date.now() + delay);
        submit(delay);
      }
      submit();
    };
  }

  private happen(what: Strike['what'], deliveries: readonly Delivery[], trouble: Trouble): void {
    this.count(what);
    const { people } = this;
    const { iot } = this.account;
    const [first] = people.present;
    switch (what) {
      case 'second delivery':
      case 'late delivery':
        deliveries.forEach((deliver) => void this.left(deliver()));
        return;
      case 'other stack goes':
        void this.left(this.otherStack.destroy(trouble));
        return;
      case 'slots taken':
        people.occupySlots(10, 2_000);
        return;
      case 'id used again':
        if (first) void this.left(people.useAgain(first));
        return;
      case 'window starts':
        if (first && iot.job(first.jobId)?.status === 'SCHEDULED') iot.startMaintenanceWindow(first.jobId);
        return;
      case 'window ends':
        if (first && iot.job(first.jobId)?.status === 'IN_PROGRESS') iot.endMaintenanceWindow(first.jobId);
        return;
      case 'job ends':
        if (first && iot.job(first.jobId)?.status === 'IN_PROGRESS') iot.finishExecutions(first.jobId);
        return;
      case 'crash':
        return;
      default:
        what satisfies never;
    }
  }

  /** Remembers an invocation until it ends. */
  private left<Result>(invocation: Promise<Result>): Promise<Result> {
    const ended = invocation
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => this.inFlight.delete(ended));
    this.inFlight.add(ended);
    return invocation;
  }
}
