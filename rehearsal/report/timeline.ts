import { askedAt, isSameId, type Operation, type Placed, type Recording } from '../result';

/** One life of a job id on the time axis. */
export interface JobBar extends Placed {
  readonly jobId: string;
  /** Which life of the job id it is, counted from 1: ids may be used again. */
  readonly life: number;
  readonly createdAt: number;
  /** When its deletion was first thought of. */
  readonly askedAt?: number;
  readonly deletionStartedAt?: number;
  readonly deletedAt?: number;
}

/** How many jobs held a slot, and how many wanted one, from a moment on. */
export interface SlotUse {
  readonly time: number;
  readonly inDeletion: number;
  readonly waiting: number;
}

/** The deletion slots of one account in one region. */
export interface DeletionSlots extends Placed {
  readonly use: readonly SlotUse[];
}

/** Everything that a picture of the rehearsal shows against time. */
export interface Timeline {
  readonly start: number;
  readonly end: number;
  readonly operations: readonly Operation[];
  /** In the order in which their deletions began; those that live come last. */
  readonly jobs: readonly JobBar[];
  /** Of each place that has jobs, the stack's own first. */
  readonly slots: readonly DeletionSlots[];
}

/** Reads the timeline off a recording. */
export function timeline(recording: Recording): Timeline {
  const { operations, histories } = recording;
  const places = [...new Set(histories.map(({ place = '' }) => place))].sort().map((place) => place || undefined);
  const jobs = histories
    .map((history): JobBar => {
      const life = histories.filter((each) => isSameId(each, history) && each.createdAt <= history.createdAt).length;
      return { ...history, life, askedAt: askedAt(history, recording) };
    })
    .sort((one, other) => order(one) - order(other));
  // Where all stacks are empty there is no operation.
  const ends = operations.flatMap(({ startedAt, endedAt }) => [startedAt, endedAt]);
  const times = ends.length > 0 ? ends : [Date.now()];
  return {
    start: Math.min(...times),
    end: Math.max(...times),
    operations,
    jobs,
    slots: places.map((place) => ({ place, use: slotUse(jobs.filter((job) => job.place === place)) })),
  };
}

function order({ deletionStartedAt = Infinity, createdAt }: JobBar): number {
  return Math.min(deletionStartedAt, Number.MAX_SAFE_INTEGER / 2 + createdAt);
}

function slotUse(jobs: readonly JobBar[]): SlotUse[] {
  const moments = jobs.flatMap((job) => [job.askedAt, job.deletionStartedAt, job.deletedAt]);
  const times = [...new Set(moments.filter((time) => time !== undefined))].sort((one, other) => one - other);
  return times.map((time) => ({
    time,
    inDeletion: jobs.filter((job) => within(time, job.deletionStartedAt, job.deletedAt)).length,
    waiting: jobs.filter((job) => within(time, job.askedAt, job.deletionStartedAt)).length,
  }));
}

function within(time: number, from: number | undefined, to = Infinity): boolean {
  return from !== undefined && from <= time && time < to;
}
