import type { Clock } from '../aws/clock';
import type { Page, StackCalls, StackResource, StackState, StackStatusEvent } from '../aws/stacks';
import type { Calls } from '../deletion/calls';
import { isLive, NESTED_STACK, TYPES_WITH_JOBS } from './claims';
import { type Statuses, toldBy } from './statuses';

/** How far the reading of a stack has come: carried from one look to the next, so that a page is read once. */
export interface Reading {
  /** Since when the stack's status has meant nothing that a Delete is obeyed in, in milliseconds. */
  unclearSince?: number;
  /** The next page of the events of a stack. */
  events?: { readonly stackId: string; readonly token?: string };
  /** The newest own event of each stack. */
  newest?: Readonly<Record<string, StackStatusEvent>>;
  /** How far the resources of the stacks have been read: which are left, the first one's next page, and those of interest. */
  resources?: {
    readonly left: readonly string[];
    readonly read: readonly string[];
    readonly token?: string;
    readonly items: readonly StackResource[];
    /** When the reading began, in milliseconds. */
    readonly readAt: number;
  };
}

/** Many deletions of one stack ask at the same time, one after the other in each warm function. */
const REMEMBERED_FOR = 5_000;

/** Stacks that are remembered at most. */
const MOST = 1_000;

/** What stays known as long as the function stays warm. */
export class StackMemory {
  /** That a whole chain of stacks is being deleted. Nothing else: an update that failed seconds after one that succeeded
   * would pass for its clean-up, and lose a job. */
  readonly deleting = new Map<string, { readonly until: number; readonly chain: readonly StackInChain[] }>();
  /** A stack that was deployed once stays one that was. */
  readonly deployed = new Set<string>();
  /** Since when a stack has had its status, in an operation. */
  readonly since = new Map<string, number | undefined>();
  /** The resources of a stack and of those nested with it, under the statuses and operations of those around. */
  readonly resources = new Map<string, { readonly readAt: number; readonly items: readonly StackResource[] }>();

  /** Forgets everything when it has become too much. */
  tidy(): void {
    [this.deleting, this.deployed, this.since, this.resources]
      .filter(({ size }) => size > MOST)
      .forEach((memory) => memory.clear());
  }
}

/** A stack, or one around it. */
export interface StackInChain {
  readonly stackId: string;
  /** Nothing where CloudFormation does not know the stack. */
  readonly state?: StackState;
}

/** Reads what a decision needs of CloudFormation. */
export class StackReader {
  constructor(
    private readonly stacks: StackCalls,
    private readonly calls: Calls,
    private readonly clock: Clock,
    private readonly memory: StackMemory,
    private readonly reading: Reading,
  ) {}

  /**
   * The stack, then its parent, and so on up to the root: a parent that rolls back deletes its nested stacks, whose own
   * status then just says DELETE_IN_PROGRESS.
   */
  async chain(stackId: string): Promise<readonly StackInChain[]> {
    const chain: StackInChain[] = [];
    for (let id: string | undefined = stackId; id !== undefined;) {
      const state: StackState | undefined = await this.stateOf(id);
      chain.push({ stackId: id, state });
      id = state?.parentId;
    }
    return chain;
  }

  /** The same for a Delete event, where it may be remembered that everything is being deleted. */
  async chainOnDelete(stackId: string): Promise<readonly StackInChain[]> {
    const known = this.memory.deleting.get(stackId);
    if (known && this.clock.now() < known.until) {
      return known.chain;
    }
    const chain = await this.chain(stackId);
    if (chain.every(({ state }) => state?.status === 'DELETE_IN_PROGRESS')) {
      this.memory.tidy();
      this.memory.deleting.set(stackId, { until: this.clock.now() + REMEMBERED_FOR, chain });
    }
    return chain;
  }

  /**
   * Whether a stack was ever deployed, by its own events, newest first. Where they end before its beginning they are
   * forgotten (CloudFormation keeps them for 90 days): then it was.
   */
  async wasDeployed(stackId: string): Promise<boolean> {
    if (this.memory.deployed.has(stackId)) {
      return true;
    }
    let token = this.reading.events?.stackId === stackId ? this.reading.events.token : undefined;
    do {
      const from = token;
      const page = await this.eventsOf(stackId, from);
      const told = page.items.map(({ status }) => toldBy(status)).find((each) => each !== 'nothing');
      if (told === 'never deployed') {
        return false;
      }
      token = told === 'deployed' ? undefined : page.nextToken;
      this.reading.events = { stackId, token };
    } while (token !== undefined);
    this.memory.tidy();
    this.memory.deployed.add(stackId);
    return true;
  }

  /**
   * Since when a stack has had its status, in milliseconds: its newest own event tells. Nothing where that is forgotten, or
   * says something else; 'changed' where the stack has another status by now, so that all has to be read again.
   */
  async statusSince({ stackId, state }: StackInChain): Promise<number | 'changed' | undefined> {
    const key = state?.operation === undefined ? undefined : `${stackId} ${state.operation} ${state.status}`;
    if (key !== undefined && this.memory.since.has(key)) {
      return this.memory.since.get(key);
    }
    let token: string | undefined;
    while (!this.reading.newest?.[stackId]) {
      token = (await this.eventsOf(stackId, token)).nextToken;
      if (token === undefined) {
        break;
      }
    }
    const newest = this.reading.newest?.[stackId];
    const isOfStatus = newest?.status === state?.status;
    if (newest && !isOfStatus && (await this.stateOf(stackId))?.status !== state?.status) {
      this.reading.newest = undefined;
      this.memory.deleting.clear();
      return 'changed';
    }
    const at = isOfStatus ? newest?.at : undefined;
    if (key !== undefined) {
      this.memory.tidy();
      this.memory.since.set(key, at);
    }
    return at;
  }

  private stateOf(stackId: string): Promise<StackState | undefined> {
    return this.calls.read('cloudformation:DescribeStacks', () => this.stacks.describe(stackId));
  }

  /** A page of the events of the stack itself. */
  private async eventsOf(stackId: string, token: string | undefined): Promise<Page<StackStatusEvent>> {
    const page = await this.calls.read('cloudformation:DescribeStackEvents', () =>
      this.stacks.ownEvents(stackId, token),
    );
    const [event] = page.items;
    if (event) {
      this.reading.newest = { [stackId]: event, ...this.reading.newest };
    }
    return page;
  }

  /**
   * The resources that have jobs, whatever their status: of the stack, of the ones around it, and of all that are nested
   * in those and are there to stay. A construct that moves to another nested stack is a new resource there.
   *
   * A list is remembered for the operations and statuses that a fresh look at the stacks has shown, else not at all.
   *
   * @param since when the list must have been read at the earliest. While a stack is cleaned up resources only leave it:
   * so where an older list already shows nothing that would keep a job, that is enough
   */
  async resources(
    chain: readonly StackInChain[],
    { since, isEnough }: { readonly since: number; readonly isEnough: (older: readonly StackResource[]) => boolean },
  ): Promise<readonly StackResource[]> {
    const key = keyOf(chain);
    const known = key ? this.memory.resources.get(key) : undefined;
    if (known && (known.readAt >= since || isEnough(known.items))) {
      return known.items;
    }
    const staying = chain.filter(({ state }) => state && isLive(state)).map(({ stackId }) => stackId);
    const begun: NonNullable<Reading['resources']> = this.reading.resources ?? {
      left: staying,
      read: [],
      items: [],
      readAt: this.clock.now(),
    };
    const { readAt } = begun;
    let { left, read, token, items } = begun;
    for (let [stackId, ...rest] = left; stackId !== undefined; [stackId, ...rest] = left) {
      const [id, from] = [stackId, token];
      const page = await this.calls.read('cloudformation:ListStackResources', () => this.stacks.resources(id, from));
      const met = new Set([...left, ...read]);
      const nested = page.items.filter((one) => one.type === NESTED_STACK && isLive(one) && !met.has(one.physicalId));
      items = [...items, ...page.items.filter(({ type }) => TYPES_WITH_JOBS.has(type))];
      token = page.nextToken;
      left = [...(token === undefined ? rest : left), ...nested.map(({ physicalId }) => physicalId)];
      read = token === undefined ? [...read, id] : read;
      this.reading.resources = { left, read, token, items, readAt };
    }
    this.reading.resources = undefined;
    if (key) {
      this.memory.tidy();
      this.memory.resources.set(key, { readAt, items });
    }
    return items;
  }
}

/** Under which the resources may be remembered; nothing where an operation is not told. */
function keyOf(chain: readonly StackInChain[]): string | undefined {
  const known = chain.filter(({ state }) => state !== undefined);
  const parts = known.map(({ stackId, state }) => [stackId, state!.status, state!.operation]);
  return known.every(({ state }) => state!.operation !== undefined) ? JSON.stringify(parts) : undefined;
}

/** The statuses of a chain of stacks. */
export function statusesOf(chain: readonly StackInChain[]): Statuses {
  return chain.map(({ state }) => state?.status) as unknown as Statuses;
}
