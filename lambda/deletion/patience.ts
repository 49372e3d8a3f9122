import { Failure } from '../words/failure';
import { messages } from '../words/messages';
import type { Obstacle } from './obstacle';

/** What a call can't get past: a refusal that has lasted too long. */
export class Refusal extends Failure {
  constructor(
    readonly obstacle: Obstacle,
    advice: string,
  ) {
    super(messages.refusal(obstacle, advice));
  }
}

/** IAM is eventually consistent: a permission that was just given may take a while to count. In milliseconds. */
const IAM_SETTLES = 20_000;

/** AWS IoT is, too: for a moment it may refuse what fits the state that it shows, as after a call that got lost. */
const IOT_SETTLES = 3_000;

/** So much is carried from one look to the next: more calls than this are not refused at the same time. */
const CARRIED = 100;

/** What is carried from one look to the next: since when which call on what has been refused, and what is settled. */
export interface CarriedPatience {
  readonly since: readonly (readonly [subject: string, kind: string, at: number])[];
  /** The actions that were denied until IAM must have settled: another denial of one is believed at once. */
  readonly settled: readonly string[];
}

/**
 * Decides how long to bear with a refusal.
 *
 * All retrying is done here and in the loops around it, none in the SDK: it takes LimitExceededException for throttling
 * and would spend its attempts on waiting for a slot, and it knows nothing of the deadline.
 */
export class Patience {
  private readonly since: Map<string, { readonly kind: string; readonly at: number }>;
  private readonly settled: Set<string>;

  constructor(carried: CarriedPatience = { since: [], settled: [] }) {
    this.since = new Map(carried.since.map(([subject, kind, at]) => [subject, { kind, at }]));
    this.settled = new Set(carried.settled);
  }

  /** What is to be carried to the next look. */
  get carried(): CarriedPatience {
    const since = [...this.since].map(([subject, { kind, at }]) => [subject, kind, at] as const);
    return { since: since.slice(-CARRIED), settled: [...this.settled] };
  }

  /** The call did what it was sent for: what was wrong with it before no longer counts. */
  restore(subject: string): void {
    this.since.delete(subject);
  }

  /** Whether the call has been refused for so long that it is not worth sending again. */
  isOver(subject: string, { kind, action }: Obstacle, now: number): boolean {
    const known = this.since.get(subject);
    const at = known?.kind === kind ? known.at : now;
    this.since.delete(subject);
    this.since.set(subject, { kind, at });
    if (kind === 'denied') {
      if (now - at >= IAM_SETTLES) {
        this.settled.add(action);
      }
      return this.settled.has(action);
    }
    return kind === 'refused' && now - at >= IOT_SETTLES;
  }
}
