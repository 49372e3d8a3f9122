import type { StackEvent } from './stack';

/** What says nothing of its own: a summary of what failed below, or that something stopped because another failed. */
const SUMMARY = /^(The following resource\(s\) failed|Resource (creation|update|deletion) cancelled|Embedded stack )/;

/**
 * Why an operation failed, in the sentence of the resource that failed first: what AWS shows only among the events.
 *
 * A custom resource's own words are taken out of CloudFormation's.
 */
export function failureSentence(events: readonly StackEvent[]): string | undefined {
  const failures = events.filter(
    ({ status, reason }) => status.endsWith('_FAILED') && reason !== undefined && !SUMMARY.test(reason),
  );
  // A rollback's own failures come later, and follow from those.
  const alike = failures.filter(({ status }) => status === failures[0]!.status);
  const [first, ...others] = [...new Set(alike.map(({ reason }) => ownWords(reason!)))];
  return others.length > 0 ? `${first} (and ${others.length} more)` : first;
}

/** A reason without what CloudFormation and CDK's provider framework put around it. */
export function ownWords(reason: string): string {
  return reason
    .replace(/^Received response status \[FAILED\] from custom resource\. Message returned: /, '')
    .replace(/ \(RequestId: [\w-]+\)$/, '')
    .replace(/\s*\n(\s+at |Logs: )[\s\S]*$/, '')
    .replace(/^Error: /, '');
}
