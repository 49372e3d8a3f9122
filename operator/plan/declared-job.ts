import type { Jobs } from '../../lambda/aws/jobs';
import type { Calls } from '../../lambda/deletion/calls';
import { claimOfResource } from '../../lambda/request/claims';
import { ADVICE_FOR_DECLARED } from './advice';
import type { PlannedDeletion } from './plan';
import type { PlannedRequest } from './requests';

/** What CloudFormation itself would do to a job that the stack declares: delete it, without force, whatever it is at. */
export async function planDeclaredJob(
  { action, resource, stack }: PlannedRequest,
  hasCompanion: boolean,
  jobs: Jobs,
  calls: Calls,
): Promise<PlannedDeletion> {
  const { home } = stack;
  const { logicalId, physicalId, type } = resource;
  const { account, region } = home;
  const base = { stack: stack.name, logicalId, type, physicalId, region, account, jobs: [], unknown: [] };
  switch (action.kind) {
    case 'retained':
      return { ...base, result: 'keep', reason: `${action.policy}: CloudFormation keeps the job.` };
    case 'unknown':
      return { ...base, result: 'unknown', reason: action.reason };
    case 'unchanged':
    case 'Create':
    case 'Update':
      return { ...base, result: 'nothing', reason: 'The update does not change the job.' };
    case 'Delete':
      break;
    default:
      action satisfies never;
  }
  const claim = claimOfResource(resource, {}, home);
  if (hasCompanion || !claim || claim === 'unreadable' || !('job' in claim)) {
    return { ...base, result: 'nothing', reason: 'Its JobDeletion deletes the job first.' };
  }
  const { job: jobId } = claim;
  const job = await calls.read('iot:DescribeJob', () => jobs.describe(jobId), { jobId });
  if (!job) {
    return { ...base, result: 'delete' };
  }
  const { status } = job;
  switch (status) {
    case 'COMPLETED':
    case 'CANCELED':
      return { ...base, result: 'delete', jobs: [{ jobId, status, result: 'delete' }] };
    case 'DELETION_IN_PROGRESS':
      return { ...base, result: 'delete', jobs: [{ jobId, status, result: 'wait' }] };
    default: {
      const reason = `is ${status}, and CloudFormation deletes it without force`;
      return {
        ...base,
        result: 'delete',
        jobs: [{ jobId, status, result: 'fail', reason, advice: ADVICE_FOR_DECLARED }],
      };
    }
  }
}
