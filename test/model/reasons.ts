import type { Trouble } from './program';
import type { Resource } from './resources';

/** The only reasons for which an operation on a deletion may fail; a deadline and a crash need a cause besides. */
const LEGITIMATE = [
  /is (IN_PROGRESS|SCHEDULED), and force is false/,
  /is in (no namespace|the namespace "\w+"), not in "\w+"/,
  /is CANCELED but still has executions in progress/,
  /is still (IN_PROGRESS|SCHEDULED|CANCELED|DELETION_IN_PROGRESS) after/,
  /could not be deleted within 5 minutes: 10 other jobs/,
  /Resource update cancelled|Resource creation cancelled|Cancelled/,
];
const IN_TROUBLE = [/could not be deleted within/, /got no usable answer/, /Runtime exited/, /AWS refused/];

/** The same of some of a sweep's jobs. */
const LEFT = [
  /^(IN_PROGRESS|SCHEDULED), and force is false$/,
  /^in (no namespace|the namespace "\w+"), not in "\w+"$/,
  /^CANCELED with executions in progress after/,
  /^still (IN_PROGRESS|SCHEDULED|CANCELED|DELETION_IN_PROGRESS) after/,
  /^without a deletion slot after/,
];
const LEFT_IN_TROUBLE = [/^not deleted, because AWS answered/];

const TOO_MANY = /(\d+) jobs match, and maxJobs is (\d+): none was deleted/;

/** Why a failure's reason is none, or nothing if it is a good one for the resource, as it is or was. */
export function complaint(
  reason: string,
  resources: readonly Resource[],
  { faults, crashes }: Trouble,
): string | undefined {
  const inTrouble = faults > 0 || crashes > 0;
  const [, matching, maxJobs] = TOO_MANY.exec(reason) ?? [];
  if (matching !== undefined) {
    const isSo = Number(matching) > Number(maxJobs) && resources.some((one) => one.maxJobs === Number(maxJobs));
    return isSo ? undefined : `maxJobs is something else: ${reason}`;
  }
  if (reason.includes('and force is false') && resources.every(({ spec }) => spec.force)) {
    return `force is true: ${reason}`;
  }
  const left = leftOf(reason);
  const why = left ? left.map(({ is }) => is) : [reason];
  const [good, alsoGood] = left ? [LEFT, LEFT_IN_TROUBLE] : [LEGITIMATE, IN_TROUBLE];
  const allowed = [...good, ...(inTrouble ? alsoGood : [])];
  const isGood = why.length > 0 && why.every((is) => allowed.some((one) => one.test(is)));
  return isGood || (inTrouble && IN_TROUBLE.some((one) => one.test(reason)))
    ? undefined
    : `no good reason to fail: ${reason}`;
}

/** Whether a sweep said that it selects too many jobs, and touched none. */
export function isTooMany(reason: string): boolean {
  return TOO_MANY.test(reason);
}

/** Which jobs a sweep names as left, and why; nothing if the message is not of that kind. */
export function leftOf(
  reason: string,
): readonly { readonly jobIds: readonly string[]; readonly is: string }[] | undefined {
  const [, list] = /Jobs are left \(\d+ of \d+\): (.*?\))\. /.exec(reason) ?? [];
  if (list === undefined) {
    return undefined;
  }
  return [...list.matchAll(/(?:^|; )([^(]+) \((.*?)\)(?=; |$)/g)].map(([, jobs, is]) => ({
    jobIds: jobs!.match(/"[\w-]+"/g)!.map((quoted) => quoted.slice(1, -1)),
    is: is!,
  }));
}
