import type { Clock } from '../aws/clock';
import type { Job, Jobs } from '../aws/jobs';
import type { Calls } from '../deletion/calls';
import type { Refusal } from '../deletion/patience';
import { type Finder, mayMatch } from './finder';
import { type List, listsFor } from './lists';
import { ofEach } from './of-each';
import type { Claim, JobFilter } from './selection';

/** How far a pass has come: carried from one look to the next. */
export interface CarriedPass {
  /** Which of the lists is being read. */
  readonly list: number;
  /** The next page's; none at the beginning of the list. */
  readonly token?: string;
  /** When the pass began, in milliseconds. */
  readonly startedAt: number;
  /** How many jobs it has met that are still to be deleted, or in deletion. */
  readonly met: number;
}

/** A job can leave one list and be back in it a maintenance window later, which lasts a minute at the shortest. */
const SHORTEST_WINDOW = 60_000;

/** What a pass reads, and how. */
export interface PassOptions {
  readonly filter: JobFilter;
  /** What others hold on to is left out. */
  readonly claims?: readonly Claim[];
  readonly jobs: Jobs;
  readonly calls: Pick<Calls, 'read'>;
  readonly finder: Finder;
  readonly clock: Pick<Clock, 'now'>;
  readonly carried?: CarriedPass;
  /** Jobs that need no second look. Default: none. */
  readonly isSettled?: (job: Job) => boolean;
  /** Told of each job of which nobody can say whether it matches. Without it, the refusal is thrown. */
  readonly onRefusal?: (job: Job, refusal: Refusal) => void;
}

/** One pass over all jobs that match, page by page. */
export class Pass {
  private readonly lists: readonly List[];
  private position: CarriedPass;
  private endedAt?: number;

  constructor(private readonly options: PassOptions) {
    const { carried, clock, filter } = options;
    this.lists = listsFor(filter);
    this.position = carried ?? { list: 0, startedAt: clock.now(), met: 0 };
  }

  get carried(): CarriedPass {
    return this.position;
  }

  get isOver(): boolean {
    return this.position.list >= this.lists.length;
  }

  get startedAt(): number {
    return this.position.startedAt;
  }

  get met(): number {
    return this.position.met;
  }

  /** Whether a job may have slipped through, from one list that was read already into one that was yet to be read. */
  get isTooLong(): boolean {
    return this.lists.length > 1 && (this.endedAt ?? this.options.clock.now()) - this.startedAt > SHORTEST_WINDOW;
  }

  /** It has met something that is still to be deleted. */
  meet(count: number): void {
    this.position = { ...this.position, met: this.position.met + count };
  }

  /**
   * The jobs of the next page that match, without what others hold on to.
   *
   * @throws OutOfTime in the middle of a page, which is then to be read again
   */
  async next(): Promise<readonly Job[]> {
    const { calls, claims = [], clock, filter, finder, isSettled = () => false, onRefusal } = this.options;
    const { list, token } = this.position;
    const { request, sure } = this.lists[list]!;
    const page = await calls.read('iot:ListJobs', () => this.page(request, token));
    const isMatching = async (job: Job): Promise<boolean> =>
      !isSettled(job) && (await finder.matches(job, filter, sure)) && !(await finder.isClaimed(job, claims));
    const ask = async (job: Job): Promise<readonly Job[]> => ((await isMatching(job)) ? [job] : []);
    const candidates = page.jobs.filter((job) => mayMatch(job, filter));
    const matching = (await ofEach(candidates, ask, onRefusal)).flat();
    const next = page.nextToken === undefined ? { list: list + 1, token: undefined } : { list, token: page.nextToken };
    this.position = { ...this.position, ...next };
    if (this.isOver) {
      this.endedAt = clock.now();
    }
    return matching;
  }

  /** A page token that AWS IoT takes no more starts its list again: what is read twice does no harm. */
  private async page(request: List['request'], nextToken: string | undefined): ReturnType<Jobs['page']> {
    try {
      return await this.options.jobs.page({ ...request, nextToken });
    } catch (error) {
      if (nextToken !== undefined && (error as Error).name === 'InvalidRequestException') {
        return this.options.jobs.page(request);
      }
      throw error;
    }
  }
}
