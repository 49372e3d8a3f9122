import type { Trouble } from './program';
import type { Resource } from './resources';

/** Why one job is left: the only reasons for which an operation on a deletion may fail. */
const LEGITIMATE = [
  /(?:is|are) (IN_PROGRESS|SCHEDULED), and force is false/,
  /(?:is|are) in the namespace "\w+", not in "\w+"/,
  /(?:is|are) CANCELED, but (?:1 execution was|(?:\d+ )?executions were) still in progress after/,
  /(?:is|are) CANCELED, but AWS IoT was still telling its devices after/,
  /(?:is|are) still (IN_PROGRESS|SCHEDULED|CANCELED|DELETION_IN_PROGRESS) after/,
  /got no deletion slot within 5 minutes: 10 other jobs/,
  /belongs? to AWS \(namespace "aws-\w+"\)/,
];
/** Those that need a cause besides. */
const IN_TROUBLE = [/(?:is|are) still unknown after/, /did not respond/, /AWS refused/];
const DENIED = /is denied|may not iot:/;

/** The same of a whole event. */
export const CANCELLED = /Resource update cancelled|Resource creation cancelled|Cancelled/;
/** Nobody knows what became of it. */
export const LOST = /The handler failed too often|The waiter could not be started/;
/** Only a second delivery was left to answer, and that came after the deadline. */
const LATE = /The event came \d+ minutes after CloudFormation sent it/;
/** Nobody has answered: an event is lost when its function crashes three times. */
export const UNANSWERED = /did not receive a response/;

const TOO_MANY = /(\d+) jobs match, but maxJobs is (\d+), so none was deleted/;

/** Why a failure's reason is none, or nothing if it is a good one for the resource, as it is or was. */
export function complaint(
  reason: string,
  resources: readonly Resource[],
  { faults, crashes, duplicates, strikes = [], rules = [] }: Trouble,
): string | undefined {
  const inTrouble = faults > 0 || crashes > 0 || strikes.some(({ what }) => what === 'crash');
  const { matching, maxJobs } = tooMany(reason) ?? {};
  if (matching !== undefined) {
    const isSo = matching > maxJobs! && resources.some((one) => one.maxJobs === maxJobs);
    return isSo ? undefined : `maxJobs is something else: ${reason}`;
  }
  if (reason.includes('and force is false') && resources.every(({ spec }) => spec.force)) {
    return `force is true: ${reason}`;
  }
  const why = leftOf(reason)?.map(({ is }) => is) ?? [reason];
  const isDenied = rules.some(({ fault }) => fault === 'denied');
  const isStopped = rules.some(({ fault }) => fault === 'stopped execution');
  const allowed = [...LEGITIMATE, ...(inTrouble ? IN_TROUBLE : []), ...(isDenied ? [DENIED] : [])];
  const isGood = why.length > 0 && why.every((is) => allowed.some((one) => one.test(is)));
  return isGood ||
    CANCELLED.test(reason) ||
    (inTrouble && LOST.test(reason)) ||
    (crashes > 0 && duplicates > 0 && LATE.test(reason)) ||
    ((crashes > 0 || isStopped) && UNANSWERED.test(reason))
    ? undefined
    : `no good reason to fail: ${reason}`;
}

/** What every reason must be: a command in it is exact. */
export function misleading(reason: string): string | undefined {
  const commands = reason.match(/aws iot [a-z-]+(?: --[a-z-]+(?: (?!--)[\w:<>*-]+)?)*/g) ?? [];
  const vague = commands.find((command) => !command.includes('--region us-east-1'));
  return vague && `a command that does not say where: ${vague}`;
}

/** How many jobs match, and how many may, where a sweep touched none because they are too many. */
export function tooMany(reason: string): { readonly matching: number; readonly maxJobs: number } | undefined {
  const [, matching, maxJobs] = TOO_MANY.exec(reason) ?? [];
  return matching === undefined ? undefined : { matching: Number(matching), maxJobs: Number(maxJobs) };
}

/** Which jobs a sweep names as left because a call was denied. */
export function deniedIn(reason: string): readonly string[] {
  return (leftOf(reason) ?? []).filter(({ is }) => DENIED.test(is)).flatMap(({ jobIds }) => jobIds);
}

/** Whether a reason names a job, or says that the log names more. */
export function isNamed(reason: string, jobId: string): boolean {
  return (
    reason.includes(`"${jobId}"`) || reason.includes(`/${jobId}:`) || / and \d+ more |reasons of \d+ more/.test(reason)
  );
}

/** Which jobs a sweep names as left, and why; nothing if the message is not of that kind. */
export function leftOf(
  reason: string,
): readonly { readonly jobIds: readonly string[]; readonly is: string }[] | undefined {
  const [, list] = /\d+ of \d+ jobs (?:was|were) not deleted\. (.*)/.exec(reason) ?? [];
  if (list === undefined) {
    return undefined;
  }
  const groups = list.matchAll(
    /((?:"[\w-]+"(?:, )?)+)(?: and \d+ more)? ((?:is|are|belongs?|got|could not|was|were) .*?)\.(?= ["A-Z])/g,
  );
  return [...groups].map(([, jobs, is]) => ({
    jobIds: jobs!.match(/"[\w-]+"/g)!.map((quoted) => quoted.slice(1, -1)),
    is: is!,
  }));
}
