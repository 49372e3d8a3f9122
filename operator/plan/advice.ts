import type { Left } from '../../lambda/deletion/left';

/** What to change in the app so that a job does not fail the teardown. */
export function adviceFor(why: Left): string {
  switch (why.kind) {
    case 'active':
      return 'Set force to delete it while devices execute it, or cancelFirst to cancel it first. Or wait until it ends.';
    case 'other namespace':
      return `If it is the right job, set namespaceId to "${why.actual}".`;
    case 'outside patterns':
      return "Add a pattern to the provider's jobIdPatterns.";
    case 'reserved':
      return 'Delete the AWS resource that made it, or set removalPolicy to RETAIN.';
    case 'untagged':
      return 'Keep the tag in the job of the template.';
    case 'executions in progress':
    case 'cancellation in progress':
    case 'in deletion':
    case 'no slot':
    case 'not tried':
    case 'status':
    case 'obstacle':
      return 'Wait, and plan again.';
    default:
      return why satisfies never;
  }
}

/** What to change where CloudFormation itself deletes a declared job, without force. */
export const ADVICE_FOR_DECLARED =
  'Add job.with(new JobAutoDelete({ force: true })) to the app, or wait until it ends.';
