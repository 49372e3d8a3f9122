import type { Job } from '../aws/jobs';
import { OutOfTime } from '../deletion/calls';
import { type Deletion, isLasting, isSingle, subjectOf } from '../deletion/deletion';
import { type Left, type LeftJobs, obstructedBy } from '../deletion/left';
import type { Obstacle } from '../deletion/obstacle';
import { Patience, type Refusal } from '../deletion/patience';
import { Scheduler, type SeenJobs } from '../deletion/scheduler';
import { Finder } from '../search/finder';
import { namesIn } from '../search/selection';
import { Failure } from '../words/failure';
import { log } from '../words/log';
import { messages } from '../words/messages';
import { kept, keptForOthers, unavailableForLong } from '../words/not-deleted';
import type { Subject } from '../words/subject';
import { type Answer, deliver } from './answer';
import { check } from './check';
import { decide, type Decision, type DecisionToDelete, Unclear } from './decide';
import { type Event, requestedAt } from './event';
import { callsFor, failed, type Invocation, succeeded } from './invocation';
import { pauseSeconds } from './pause';
import { parseProperties, type Properties, timeoutIn } from './properties';
import { logResult } from './result';
import { StackReader, statusesOf } from './stack-reader';
import { isUpdating } from './statuses';
import { fitting, type Rest, restOf, type Step, type WaiterInput } from './step';
import { placeIn } from './surroundings';
import { findTarget } from './target';
import { undecided } from './undecided';

/** A look works so long at the most, in milliseconds. */
const WORKING_TIME = 180_000;

/** One job is looked at by many functions at the same time: each look is short, in milliseconds. */
const SINGLE_WORKING_TIME = 5_000;

/** After so many looks nobody believes that another one helps. */
const MOST_LOOKS = 2_000;

/** A status that makes no sense is read again for so long, in milliseconds. */
const UNCLEAR_TIME = 60_000;

/** There is nothing to do for so many milliseconds. */
interface Pause {
  readonly pause: number;
  readonly kind: 'undecided' | 'job' | 'sweep';
}

/** What a look came to. */
type Outcome = { readonly answer: Answer } | Pause;

/** One look, for the waiter: orders what can be ordered, waits a little, and answers CloudFormation when all is done. */
export async function look(
  { Event: event, Step: step, IsLast = false }: WaiterInput,
  invocation: Invocation,
): Promise<Step> {
  return new Look(event, step, IsLast, invocation).run();
}

class Look {
  private readonly rest: Rest;
  private readonly reading: Rest['Reading'];
  private readonly patience: Patience;
  private readonly requestedAt: number;
  private readonly deadline: number;
  private readonly until: number;
  private readonly startedAt: number;
  private target?: Step['Target'];
  private occasion?: Rest['Occasion'];
  private scheduler?: Scheduler;
  private claimed: readonly string[];
  private kept: readonly LeftJobs[] = [];
  private obstacle?: Obstacle;

  constructor(
    private readonly event: Event,
    private readonly step: Step,
    private readonly isLast: boolean,
    private readonly invocation: Invocation,
  ) {
    const { clock } = invocation.services;
    this.startedAt = clock.now();
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

  async run(): Promise<Step> {
    const outcome = this.step.Answer
      ? { answer: this.step.Answer }
      : await this.work().catch((error: unknown) => ({ answer: failed(this.event, this.invocation, error) }));
    return 'answer' in outcome ? this.answer(outcome.answer) : this.later(outcome);
  }

  private get now(): number {
    return this.invocation.services.clock.now();
  }

  /** What is silent for longer is the waiter's: it holds no function. */
  private get readUntil(): number {
    return Math.min(this.now + SINGLE_WORKING_TIME, this.until);
  }

  private get looks(): number {
    return this.rest.Looks + 1;
  }

  private async work(): Promise<Outcome> {
    const subject = undecided(this.event, this.invocation.surroundings.home);
    if (this.looks > MOST_LOOKS) {
      throw new Failure(messages.tooManyLooks(MOST_LOOKS, subject));
    }
    const outcome = await this.proceed(subject);
    if (this.isLast && 'pause' in outcome) {
      throw this.scheduler?.failure(this.scheduler.whatIsLeft) ?? new Failure(messages.lookedInVain(subject));
    }
    return outcome;
  }

  private async proceed(subject: Subject): Promise<Outcome> {
    const known = this.known();
    let decision: Decision;
    try {
      decision = known ?? (await this.decide(subject));
    } catch (error) {
      const isLate = error instanceof OutOfTime && this.now >= this.deadline;
      if (!isLate || !this.occasion) {
        return this.undecided(error, subject);
      }
      // Nothing is ordered any more: all that is needed is what to say.
      decision = { delete: this.properties(), occasion: this.occasion, claims: [] };
    }
    if ('nothing' in decision) {
      log({ message: `nothing to delete: ${decision.nothing}`, resource: this.event.LogicalResourceId });
      return { answer: succeeded(this.event, this.invocation, decision.properties, decision.kept) };
    }
    try {
      if ('check' in decision) {
        await this.check(decision.check, subject);
        return { answer: succeeded(this.event, this.invocation, decision.check) };
      }
      return await this.delete(decision);
    } catch (error) {
      return this.undecided(error, subject);
    }
  }

  /**
   * What was decided in an earlier look, where that holds to the end. What other resources of the stack hold on to is
   * applied once to named jobs; what a filter selects may change, so it is read again for each look.
   */
  private known(): Decision | undefined {
    const { occasion } = this;
    const holds = this.target !== undefined || (occasion && isLasting(occasion));
    return occasion && holds ? { delete: this.properties(), occasion, claims: [] } : undefined;
  }

  private properties(): Properties {
    const properties = parseProperties(this.event.ResourceType, this.event.ResourceProperties);
    return { ...properties, place: placeIn(properties, this.invocation.surroundings) };
  }

  private async decide(subject: Subject): Promise<Decision> {
    const decision = await decide(this.event, {
      surroundings: this.invocation.surroundings,
      stacks: this.stacks(subject),
      requestedAt: this.requestedAt,
    });
    this.reading.unclearSince = undefined;
    return decision;
  }

  private stacks(subject: Subject): StackReader {
    const { services, stackMemory } = this.invocation;
    const { patience, readUntil: until } = this;
    const calls = callsFor(this.event, this.invocation, { patience, place: {}, subject, until });
    return new StackReader(services.stacks(), calls, services.clock, stackMemory, this.reading);
  }

  /** What could not be read yet is read again, as long as there is time. */
  private undecided(error: unknown, subject: Subject): Outcome {
    if (error instanceof Unclear) {
      this.reading.unclearSince ??= this.startedAt;
      if (this.now - this.reading.unclearSince >= UNCLEAR_TIME) {
        throw error.failure;
      }
    } else if (error instanceof OutOfTime) {
      this.obstacle = this.obstacleOf(error);
      if (this.now >= Math.min(this.deadline, error.deadline ?? Infinity)) {
        throw new Failure(messages.unavailable(this.obstacle, subject));
      }
    } else {
      throw error;
    }
    return { pause: 0, kind: 'undecided' };
  }

  /** What has kept this look from getting on. One after the deadline meets nothing more: it tells of the look before. */
  private obstacleOf({ obstacle }: OutOfTime): Obstacle | undefined {
    return obstacle ?? (this.startedAt >= this.deadline ? this.rest.Obstacle : undefined);
  }

  private async check(properties: Properties, subject: Subject): Promise<void> {
    const { services, surroundings } = this.invocation;
    const { place } = properties;
    const { patience, readUntil: until } = this;
    const calls = callsFor(this.event, this.invocation, { patience, place, subject, until });
    const finder = new Finder(services.jobsAt(place), calls, surroundings.patterns);
    await this.stacks(subject).chain(this.event.StackId);
    await check(properties, finder, services.jobsAt(place), calls, this.requestedAt, services.clock);
  }

  private async delete({ delete: properties, occasion, claims }: DecisionToDelete): Promise<Outcome> {
    const { event, invocation, patience } = this;
    const { durations, services, surroundings } = invocation;
    const { clock } = services;
    const deletion: Deletion = {
      ...properties,
      home: surroundings.home,
      requiredTag: properties.declaredJob?.tag,
      target: this.target,
      occasion,
      claims,
      stackId: event.StackId,
      logicalId: event.LogicalResourceId,
      requestedAt: this.requestedAt,
      deadline: this.deadline,
    };
    const subject = subjectOf(deletion);
    const jobs = services.jobsAt(deletion.place);
    const calls = callsFor(event, invocation, {
      patience,
      place: deletion.place,
      subject,
      until: this.until,
      isPatient: !isSingle(deletion),
    });
    const names = namesIn(deletion.selection);
    let seen: SeenJobs | undefined;
    const refused: (readonly [string, Left])[] = [];
    if (names && !this.target) {
      const finder = new Finder(jobs, calls, surroundings.patterns, { since: this.requestedAt, clock });
      const onRefusal = (jobId: string, { obstacle }: Refusal): void =>
        void refused.push([jobId, obstructedBy(obstacle)]);
      const found = await findTarget(
        names,
        finder,
        claims,
        (job) => this.isNewer(job),
        isSingle(deletion) ? undefined : onRefusal,
      );
      this.target = found.target;
      this.claimed = found.claimed;
      seen = { at: this.now, jobs: found.jobs };
    }
    this.occasion = occasion;
    const scheduler = (this.scheduler = new Scheduler({
      deletion: { ...deletion, target: this.target },
      jobs,
      patterns: surroundings.patterns,
      clock,
      calls,
      durations,
      leaveAt: this.until,
      permit: () => this.permit(subject),
      carried: this.rest.Work,
      seen,
      refused,
    }));
    try {
      const progress = await scheduler.work();
      if ('pause' in progress) {
        return { pause: progress.pause, kind: 'job' in deletion.selection ? 'job' : 'sweep' };
      }
      this.kept = progress.kept;
      const reason = [keptForOthers(this.claimed), kept(progress.kept)].filter(Boolean).join(' ');
      return { answer: succeeded(event, invocation, properties, reason) };
    } catch (error) {
      if (!(error instanceof OutOfTime)) {
        throw error;
      }
      this.obstacle = this.obstacleOf(error);
      if (this.now < this.deadline) {
        return { pause: 0, kind: 'job' in deletion.selection ? 'job' : 'sweep' };
      }
      throw this.tooLate(scheduler, deletion);
    }
  }

  /** Whether a job was created after the request, or is not the one of an earlier look: then it is not ours. */
  private isNewer({ jobId, createdAt }: Pick<Job, 'jobId' | 'createdAt'>): boolean {
    const { Target = {} } = this.step;
    return createdAt > Math.min(this.requestedAt, Object.hasOwn(Target, jobId) ? Target[jobId]! : Infinity);
  }

  private tooLate(scheduler: Scheduler, deletion: Deletion): Failure {
    const { obstacle } = this;
    if (!scheduler.isCounted) {
      return new Failure(
        messages.notCounted(scheduler.foundCount, deletion.timeoutSeconds, subjectOf(deletion), obstacle),
      );
    }
    return obstacle
      ? new Failure(unavailableForLong({ ...subjectOf(deletion), ...deletion }, obstacle.action, obstacle.said))
      : scheduler.failure(scheduler.whatIsLeft);
  }

  /** Nobody stops a waiter whose stack has meanwhile failed and rolled back (aws-cdk #31541). */
  private async permit(subject: Subject): Promise<void> {
    if (subject.occasion === 'revision') {
      const statuses = statusesOf(await this.stacks(subject).chain(this.event.StackId));
      if (!isUpdating(statuses)) {
        throw new Failure(
          messages.rolledBackMeanwhile(
            subject,
            statuses.map((status) => status ?? 'unknown'),
          ),
        );
      }
    }
  }

  private async answer(answer: Answer): Promise<Step> {
    const { invocation, event } = this;
    // Before the answer: once CloudFormation has it, it may delete the log group.
    if (this.occasion && !this.step.Answer) {
      logResult(event, invocation.functionName, {
        isFailed: answer.Status === 'FAILED',
        found: this.scheduler?.foundCount ?? 0,
        kept: this.kept,
        deletionTime: this.now - this.requestedAt,
        waitForSlot: this.scheduler?.waitForSlot ?? 0,
      });
    }
    if (!(await deliver(answer, event, invocation.services, invocation.leaveAt))) {
      const pause = this.pauseSeconds({ pause: 0, kind: 'undecided' });
      return { Deadline: this.deadline, Answer: answer, PauseSeconds: pause };
    }
    return { Deadline: this.deadline, Answered: true };
  }

  private later(outcome: Pause): Step {
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
        Work: this.scheduler?.carried(fits) ?? this.rest.Work,
        Obstacle: this.obstacle,
      },
      PauseSeconds: this.pauseSeconds(outcome),
    }));
  }

  private pauseSeconds({ pause, kind }: Pause): number {
    const { now, deadline, requestedAt: asked } = this;
    return pauseSeconds(kind, pause, now - asked, deadline - now, this.invocation.services.clock.random());
  }
}
