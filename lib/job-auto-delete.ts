import type { IConstruct, IMixin } from 'constructs';
import { isDeclaredJob } from './declared-job';
import { companionOf, type JobCompanionOptions } from './job-companion';
import { JobDeletion } from './job-deletion';

/**
 * Gives each declared job (`AWS::IoT::Job`) that it is applied to a companion, as `JobDeletion.forJob` does.
 *
 * It can be applied to one job, to a stack, or to the whole app. A job that has a companion already is skipped.
 *
 * @exampleMetadata fixture=library
 * @example
 * declare const job: iot.CfnJob;
 * job.with(new JobAutoDelete({ force: true }));
 */
export class JobAutoDelete implements IMixin {
  /** @param options how the companions delete their jobs */
  constructor(private readonly options: JobCompanionOptions) {}

  /** Whether the construct is a declared job. */
  public supports(construct: IConstruct): boolean {
    return isDeclaredJob(construct);
  }

  /** Makes the companion, inside the job's construct. */
  public applyTo(construct: IConstruct): void {
    if (isDeclaredJob(construct) && !companionOf(construct)) {
      JobDeletion.forJob(construct, 'AutoDelete', construct, this.options);
    }
  }
}
