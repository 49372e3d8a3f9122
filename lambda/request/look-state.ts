import type { Job } from '../aws/jobs';
import type { CarriedWork } from '../deletion/carried-work';
import type { OutOfTime } from '../deletion/calls';
import { isLasting } from '../deletion/deletion';
import type { Obstacle } from '../deletion/obstacle';
import { Patience } from '../deletion/patience';
import type { Subject } from '../words/subject';
import { type DecisionToDelete, propertiesOf } from './decide';
import { type Event, requestedAt } from './event';
import { callsFor, type Invocation } from './invocation';
import { pauseSeconds } from './pause';
import { type Properties, timeoutIn } from './properties';
import { StackReader } from './stack-reader';
import { fitting, type Rest, restOf, type Step } from './step';

/** A look works so long at the most, in milliseconds. */
const WORKING_TIME = 180_000;

/** One job is looked at by many functions at the same time: each look is short, in milliseconds. */
const SINGLE_WORKING_TIME = 5_000;

/** There is nothing to do for so many milliseconds. */
export interface Pause {
  readonly pause: number;
  readonly kind: 'undecided' | 'job' | 'sweep';
}

/** What was read and decided about an event so far: one step brings it to a look, and the next one carries it on. */
export class LookState {
  readonly rest: Rest;
  readonly reading: Rest['Reading'];
  readonly patience: Patience;
  readonly requestedAt: number;
  /** After this nothing is ordered, by whichever look. */
  readonly deadline: number;
  /** When this look must end its work. */
  readonly until: number;
  readonly startedAt: number;
  target?: Step['Target'];
  occasion?: Rest['Occasion'];
  claimed: readonly string[];
  /** What has kept this look from getting on. */
  obstacle?: Obstacle;

  constructor(
    readonly event: Event,
    private readonly step: Step,
    readonly invocation: Invocation,
  ) {
    this.startedAt = this.now;
    this.rest = restOf(step);
    this.reading = { ...this.rest.Reading };
    this.patience = new Patience(this.rest.Patience);
    const timeout = timeoutIn(event.ResourceProperties) * 1000;
    this.requestedAt = requestedAt(event) ?? step.Deadline - timeout;
    // A step is as untrusted as an event.
    this.deadline = Math.min(step.Deadline, this.requestedAt + timeout);
    // What is dropped with the rest may name jobs that were refused: then the target is found again, as far as it is known.
    this.target = this.rest.Occasion && step.Target;
    this.occasion = this.rest.Occasion;
    this.claimed = this.rest.Claimed ?? [];
    const time = event.ResourceType === 'Custom::IoTJobSweep' ? WORKING_TIME : SINGLE_WORKING_TIME;
    this.until = Math.min(this.startedAt + time, this.deadline, invocation.leaveAt);
  }

  get now(): number {
    return this.invocation.services.clock.now();
  }

  /** What is silent for longer is the waiter's: it holds no function. */
  get readUntil(): number {
    return Math.min(this.now + SINGLE_WORKING_TIME, this.until);
  }

  /** How many looks there were, with this one. */
  get looks(): number {
    return this.rest.Looks + 1;
  }

  get properties(): Properties {
    return propertiesOf(this.event, this.invocation);
  }

  /**
   * What was decided in an earlier look, where that holds to the end. What other resources of the stack hold on to is
   * applied once to named jobs; what a filter selects may change, so it is read again for each look.
   */
  get decided(): DecisionToDelete | undefined {
    const { occasion } = this;
    const holds = this.target !== undefined || (occasion && isLasting(occasion));
    return occasion && holds ? { delete: this.properties, occasion, claims: [] } : undefined;
  }

  /** Reads the stack: what an earlier look has read of it is not read again. */
  stacks(subject: Subject): StackReader {
    const { services, stackMemory } = this.invocation;
    const { patience, readUntil: until } = this;
    const calls = callsFor(this.event, this.invocation, { patience, place: {}, subject, until });
    return new StackReader(services.stacks(), calls, services.clock, stackMemory, this.reading);
  }

  /** Whether a job was created after the request, or is not the one of an earlier look: then it is not ours. */
  isNewer({ jobId, createdAt }: Pick<Job, 'jobId' | 'createdAt'>): boolean {
    const { Target = {} } = this.step;
    return createdAt > Math.min(this.requestedAt, Object.hasOwn(Target, jobId) ? Target[jobId]! : Infinity);
  }

  /** Notes what has kept this look from getting on. One after the deadline meets nothing more: it tells of the look before. */
  meet({ obstacle }: OutOfTime): Obstacle | undefined {
    this.obstacle = obstacle ?? (this.startedAt >= this.deadline ? this.rest.Obstacle : undefined);
    return this.obstacle;
  }

  /** The step to the next look. @param workOf what to carry of a deletion, if so many jobs fit */
  next(pause: Pause, workOf: (fits: number) => CarriedWork | undefined): Step {
    return fitting(this.event, (fits) => ({
      Deadline: this.deadline,
      Target: this.target,
      Rest: {
        Format: 1,
        Looks: this.looks,
        Reading: this.reading,
        Patience: this.patience.carried,
        Occasion: this.occasion,
        Claimed: this.claimed,
        Work: workOf(fits) ?? this.rest.Work,
        Obstacle: this.obstacle,
      },
      PauseSeconds: this.pauseSeconds(pause),
    }));
  }

  /** How long the waiter waits. */
  pauseSeconds({ pause, kind }: Pause): number {
    const { now, deadline, requestedAt: asked } = this;
    return pauseSeconds(kind, pause, now - asked, deadline - now, this.invocation.services.clock.random());
  }
}
