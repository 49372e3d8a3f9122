import { Annotations, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { reject } from './bad-input';
import { declaredJobs, rendered } from './declared-job';
import { companionOf } from './job-companion';

/** Which job: its id, and its region and account where they are not the stack's own. */
export type JobIdentity = readonly [jobId: string, region: string, account: string];

const JOBS = Symbol.for('cdk-iot-job-deletion.jobs');

type Jobs = Map<string, IConstruct>;

/**
 * Enters a job into the stack's register, which copies of this package share. Two resources for one job would be one
 * too many: the job would live until both are gone.
 *
 * @returns whether the job was free
 */
export function register(deletion: IConstruct, identity: JobIdentity): boolean {
  const jobs = jobsOf(Stack.of(deletion));
  const other = jobs.get(keyOf(identity));
  if (other) {
    const [jobId] = identity;
    reject(
      deletion,
      `the stack already deletes the job "${jobId}", at ${other.node.path}: make one JobDeletion for each job.`,
    );
    return false;
  }
  jobs.set(keyOf(identity), deletion);
  return true;
}

function jobsOf(stack: Stack): Jobs {
  const registry = stack as { [JOBS]?: Jobs };
  if (!registry[JOBS]) {
    const jobs: Jobs = new Map();
    Object.defineProperty(registry, JOBS, { value: jobs });
    // Whatever the stack declares, it has declared by then.
    stack.node.addValidation({ validate: () => (warnOfDeclaredJobs(stack, jobs), []) });
  }
  return registry[JOBS]!;
}

function warnOfDeclaredJobs(stack: Stack, jobs: Jobs): void {
  for (const job of declaredJobs(stack)) {
    const jobId = String(rendered(job).Properties?.JobId);
    const deletion = jobs.get(keyOf([jobId, '', '']));
    if (deletion && companionOf(job) !== deletion) {
      Annotations.of(deletion).addWarningV2(
        'cdk-iot-job-deletion:jobIsDeclared',
        `The stack declares the job "${jobId}" too, at ${job.node.path}: JobDeletion.forJob() makes this its companion, ` +
          'which is deleted before the job and survives a replacement of the job.',
      );
    }
  }
}

function keyOf(identity: JobIdentity): string {
  return identity.join(' ');
}
