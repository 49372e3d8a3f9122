import type { Agenda } from './agenda';
import { isActive, moveExecution, queuedExecution } from './executions';
import type { JobState } from './job';
import type { JobRules } from './job-rules';
import type { Thing, Things } from './things';

/** How jobs get to their devices, and what time does to them there. */
export class Rollout {
  constructor(
    private readonly agenda: Agenda,
    private readonly things: Things,
    private readonly rules: JobRules,
  ) {}

  /** Lets a SCHEDULED job begin at its time, if it still waits for that one then. */
  schedule(job: JobState, startsAt: number | undefined): void {
    job.startsAt = startsAt;
    if (startsAt !== undefined) {
      this.agenda.add(startsAt, (at) => {
        if (job.status === 'SCHEDULED' && job.startsAt === startsAt) {
          this.begin(job, at);
        }
      });
    }
  }

  /** Ends a job's time of waiting. */
  begin(job: JobState, at: number): void {
    job.status = 'IN_PROGRESS';
    job.lastUpdatedAt = at;
    this.reach(job, at);
  }

  /** Queues an execution for each thing of the job's targets that has none yet. */
  reach(job: JobState, at: number, then: (end: number) => void = (end) => completeIfDone(job, end)): void {
    const known = new Set(job.executions.map(({ thingArn }) => thingArn));
    const reached = job.targets
      .flatMap((target) => this.targetedThings(target))
      .filter(({ thingArn }) => !known.has(thingArn) && known.add(thingArn));
    job.executions.push(...reached.map(({ thingArn }) => queuedExecution(thingArn, at)));
    this.during(job, at, this.rules.rolloutTime(reached.length), then);
  }

  /** Cancels what is queued and, with force, what devices have begun with; without, they are left to finish. */
  cancel(job: JobState, force: boolean, at: number): void {
    const concerned = () =>
      job.executions.filter(({ status }) => status === 'QUEUED' || (force && status === 'IN_PROGRESS'));
    this.during(job, at, this.rules.cancellationTime(concerned().length), (end) =>
      concerned().forEach((execution) => moveExecution(execution, 'CANCELED', end)),
    );
  }

  /** What its devices have just begun with, they finish when their time is over. */
  finishLater(job: JobState, startedAt: number): void {
    const { executionTime } = this.rules;
    const begun = job.executions.filter((execution) => execution.startedAt === startedAt);
    if (executionTime !== undefined && begun.length > 0) {
      this.agenda.add(startedAt + executionTime, (end) => {
        begun
          .filter(({ status }) => status === 'IN_PROGRESS')
          .forEach((execution) => moveExecution(execution, 'SUCCEEDED', end));
        completeIfDone(job, end);
      });
    }
  }

  /** Lets something take time, while the job `isConcurrent`. */
  private during(job: JobState, from: number, time: number, then: (end: number) => void): void {
    if (time <= 0) {
      then(from);
      return;
    }
    job.tasksUnderWay++;
    this.agenda.add(from + time, (end) => {
      job.tasksUnderWay--;
      then(end);
    });
  }

  /** Only CreateJob minds a target that does not exist: later it may have been deleted, and counts for nothing. */
  private targetedThings(target: string): readonly Thing[] {
    return this.things.hasTarget(target) ? this.things.targetedThings(target) : [];
  }
}

/**
 * A SNAPSHOT job is COMPLETED once all has gone out and nothing is left to do, which for an empty thing group is at once.
 * A job for nobody in particular waits for devices.
 */
export function completeIfDone(job: JobState, at: number): void {
  const mayComplete = job.status === 'IN_PROGRESS' && job.targetSelection === 'SNAPSHOT' && job.tasksUnderWay === 0;
  const waits = job.executions.length === 0 ? job.hasMadeUpTarget : job.executions.some(isActive);
  if (mayComplete && !waits) {
    job.status = 'COMPLETED';
    job.completedAt = job.lastUpdatedAt = at;
  }
}
