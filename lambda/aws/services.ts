import type { Clock } from './clock';
import type { Executions } from './executions';
import type { Jobs } from './jobs';
import type { Place } from './place';
import type { Stacks } from './stacks';

/** What the handler works with. */
export interface Services {
  /** AWS IoT's jobs in a region and account. */
  jobsAt(place: Place): Jobs;
  stacks(): Stacks;
  executions(): Executions;
  /** Sends an answer to CloudFormation's response URL, once; resolves with the HTTP status. */
  put(url: string, body: string): Promise<number>;
  readonly clock: Clock;
}
