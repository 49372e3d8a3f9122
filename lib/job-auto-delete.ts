import type { IConstruct, IMixin } from 'constructs';
import { isDeclaredJob } from './declared-job';
import { companionOf, type JobCompanionOptions } from './job-companion';
import { JobDeletion } from './job-deletion';

/**
 * Adds a companion to each declared job (`AWS::IoT::Job`), as `JobDeletion.forJob` does.
 *
 * Apply it to one job, to a stack or to the whole app. It skips a job that already has a companion.
 *
 * @exampleMetadata fixture=library
 * @example
 * declare const job: iot.CfnJob;
 * job.with(new JobAutoDelete({ force: true }));
 */
export class JobAutoDelete implements IMixin {
  /** @param options how the companions delete their jobs */
  constructor(private readonly options: JobCompanionOptions) {}

  /**
   * Whether the construct is a declared job.
   *
   * @param construct any construct
   */
  public supports(construct: IConstruct): boolean {
    return isDeclaredJob(construct);
  }

  /**
   * Makes the companion, inside the job's construct. Other constructs stay as they are.
   *
   * @param construct any construct
   * @throws as `JobDeletion.forJob`
   */
  public applyTo(construct: IConstruct): void {
    if (isDeclaredJob(construct) && !companionOf(construct)) {
      JobDeletion.forJob(construct, 'AutoDelete', construct, this.options);
    }
  }
}
