import { query } from '../../local/faults/protocols';
import { CallRate } from '../../local/iot/call-rate';
import { Account } from './account';
import { quietly } from './quietly';
import { forced } from './scenarios';
import { synthesized } from './templates';
import { VirtualTime } from './virtual-time';

/** What became of many deletions at once. */
export interface ManyAtOnce {
  /** How the creation of the stack ended, and its deletion. */
  readonly statuses: readonly string[];
  /** How many seconds the deletion took, in virtual time. */
  readonly seconds: number;
  /** How many calls CloudFormation has refused. */
  readonly refused: number;
  /** How many jobs are left. */
  readonly left: number;
}

/** A stack with so many deletions is created and deleted, while CloudFormation takes ten calls a second. */
export async function deleteManyAtOnce(count: number): Promise<ManyAtOnce> {
  const jobIds = Array.from({ length: count }, (_, index) => `job-${index}`);
  const all = Object.fromEntries(jobIds.map((jobId) => [jobId, forced]));
  const stack = synthesized({ patterns: ['*'], deletions: all, tokenId: 'Token', fails: false });
  const time = new VirtualTime();
  let draws = 0;
  const account = new Account(time, () => (draws++ % 97) / 97);
  return quietly(async () => {
    try {
      jobIds.forEach((jobId) => account.iot.createJob({ jobId, status: 'COMPLETED' }));
      let refused = 0;
      // All of its operations together; its own rate is that of each.
      const rate = new CallRate(time.clock, 10);
      account.cloudFormation.intercept = (_operation, next) => {
        try {
          rate.admit('any');
        } catch {
          refused += 1;
          return Promise.resolve(query.error('throttled'));
        }
        return next();
      };
      const created = await account.cloudFormation.createStack(stack);
      const begun = Date.now();
      const deleted = await account.cloudFormation.deleteStack({ stackName: 'S' });
      const left = jobIds.filter((jobId) => account.iot.job(jobId)).length;
      return { statuses: [created.status, deleted.status], seconds: (Date.now() - begun) / 1000, refused, left };
    } finally {
      await account.close();
      time.end();
    }
  });
}
