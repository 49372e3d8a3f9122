import { isActive, moveExecution, queuedExecution } from './executions';
import type { JobState } from './job';
import type { Thing, Things } from './things';

/** Queues an execution for each thing of the job's targets that has none yet. */
export function rollOut(job: JobState, things: Things, at: number): void {
  const known = new Set(job.executions.map(({ thingArn }) => thingArn));
  for (const { thingArn } of job.targets.flatMap((target) => targetedThings(target, things))) {
    if (!known.has(thingArn)) {
      known.add(thingArn);
      job.executions.push(queuedExecution(thingArn, at));
    }
  }
}

/** Catches up with what time has done to a job: its scheduled start, and devices that have finished. */
export function advance(job: JobState, things: Things, now: number, executionTime: number | undefined): void {
  if (job.status === 'SCHEDULED' && job.startsAt !== undefined && job.startsAt <= now) {
    job.status = 'IN_PROGRESS';
    job.lastUpdatedAt = job.startsAt;
    rollOut(job, things, job.startsAt);
    completeIfDone(job, job.startsAt);
  }
  if (executionTime === undefined) {
    return;
  }
  let finishedAt: number | undefined;
  for (const execution of job.executions) {
    const endsAt = (execution.startedAt ?? Infinity) + executionTime;
    if (execution.status === 'IN_PROGRESS' && endsAt <= now) {
      moveExecution(execution, 'SUCCEEDED', endsAt);
      finishedAt = Math.max(finishedAt ?? endsAt, endsAt);
    }
  }
  if (finishedAt !== undefined) {
    completeIfDone(job, finishedAt);
  }
}

/** A SNAPSHOT job is COMPLETED once nothing is left to do, which for an empty thing group is at once. */
export function completeIfDone(job: JobState, at: number): void {
  if (job.status === 'IN_PROGRESS' && job.targetSelection === 'SNAPSHOT' && !job.executions.some(isActive)) {
    job.status = 'COMPLETED';
    job.completedAt = job.lastUpdatedAt = at;
  }
}

/** Only CreateJob minds a target that does not exist: later it may have been deleted, and counts for nothing. */
function targetedThings(target: string, things: Things): readonly Thing[] {
  return things.hasTarget(target) ? things.targetedThings(target) : [];
}
