import type { SchedulingConfig } from '@aws-sdk/client-iot';
import { invalidRequest } from './errors';

const minutes = 60_000;
const years = 366 * 24 * 60 * minutes;

/** When a job's rollout begins, if not at once; its end must keep the rules of the model's documentation as well. */
export function startTime(schedulingConfig: SchedulingConfig | undefined, now: number): number | undefined {
  const startsAt = timeOf('startTime', schedulingConfig?.startTime);
  const endsAt = timeOf('endTime', schedulingConfig?.endTime);
  if (startsAt !== undefined && startsAt < now + 30 * minutes) {
    throw invalidRequest('Invalid startTime: a job is scheduled at least 30 minutes ahead.');
  }
  if (startsAt !== undefined && startsAt > now + years) {
    throw invalidRequest('Invalid startTime: a job is scheduled at most a year ahead.');
  }
  if (endsAt !== undefined && (endsAt < (startsAt ?? now) + 30 * minutes || endsAt > now + 2 * years)) {
    throw invalidRequest('Invalid endTime: it is at least 30 minutes after the start, and at most two years ahead.');
  }
  return startsAt;
}

/** The model writes `YYYY-MM-DD HH:MM`, in UTC; with a `T`, seconds or a `Z` it is read as well. */
function timeOf(member: string, text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(\.\d+)?Z?$/.exec(text);
  const time = match ? Date.parse(`${match[1]}T${match[2]}${match[3] ?? ':00'}Z`) : NaN;
  if (Number.isNaN(time)) {
    throw invalidRequest(`Invalid ${member}: it is written as YYYY-MM-DD HH:MM, in UTC.`);
  }
  return time;
}
