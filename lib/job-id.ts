/**
 * AWS IoT's rule for a job id, and for a namespace id: 1 to 64 characters of `[a-zA-Z0-9_-]`.
 *
 * @see https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteJob.html
 */
export const ID_RULE = '1 to 64 characters of a-z, A-Z, 0-9, "_" and "-"';

/** As many ids as the handler can keep apart in one physical id, which may have 1 KB. */
export const MAX_IDS = 100;

/** Whether AWS IoT accepts this as a job id or a namespace id: and so whether a job id can begin with it. */
export function isValidId(id: string): boolean {
  return /^[a-zA-Z0-9_-]{1,64}$/.test(id);
}

/** The rule for a pattern of job ids: a job id in which IAM's wildcards may stand. */
export const PATTERN_RULE = '1 to 64 characters of a-z, A-Z, 0-9, "_", "-", and the wildcards "*" and "?"';

/** Whether this can be a pattern of job ids. */
export function isValidPattern(pattern: string): boolean {
  return /^[a-zA-Z0-9_*?-]{1,64}$/.test(pattern);
}

/** Whether one of the patterns covers the job id, as IAM matches wildcards in an ARN. */
export function isCovered(jobId: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matches(jobId, pattern));
}

/** Whether one of the patterns covers every job id that begins like this. */
export function isPrefixCovered(prefix: string, patterns: readonly string[]): boolean {
  // What "*" at a pattern's end has matched, it goes on matching.
  return isCovered(
    prefix,
    patterns.filter((pattern) => pattern.endsWith('*')),
  );
}

/**
 * Matches without a regular expression, which would try every way to divide the id among several `*`. Only the last
 * `*` ever has to take one character more: what an earlier one could take instead, it can take as well.
 */
function matches(jobId: string, pattern: string): boolean {
  let at = 0;
  let star = -1;
  let resumeAt = 0;
  for (let index = 0; index < jobId.length;) {
    if (pattern[at] === '*') {
      star = at++;
      resumeAt = index;
    } else if (pattern[at] === '?' || pattern[at] === jobId[index]) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resumeAt;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}
