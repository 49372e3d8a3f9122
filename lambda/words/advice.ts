import { commands, profileFor } from './commands';
import type { Subject } from './subject';

/** What to do when what was in the way is removed: that depends on what CloudFormation does about the failure. */
export function advice(subject: Subject): string {
  const it = subject.jobId === undefined ? 'them' : 'it';
  switch (subject.occasion) {
    case 'stack deletion':
    case 'rollback':
      return 'Then delete the stack again.';
    case 'clean-up':
      return (
        `CloudFormation retries three times, then forgets the ${subject.jobId === undefined ? 'jobs' : 'job'}. ` +
        byHand(subject, `To delete ${it} yourself, run: `)
      );
    case 'revision':
      return 'Then deploy with another revision.';
    case 'undecided':
      return (
        'Then retry the stack operation. ' +
        byHand(subject, `If an update has removed the resource, delete ${it} yourself: `)
      );
    case 'unreadable':
      return 'Then retry the stack operation.';
    case undefined:
      return 'Then deploy again.';
    default:
      return subject.occasion satisfies never;
  }
}

/** A command that deletes the job, or each of the jobs. */
export function byHand(subject: Subject, what: string): string {
  return `${profileFor(subject)}${what}${commands.deleteJob(subject)}.`;
}
