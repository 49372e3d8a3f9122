/**
 * The shapes of AWS IoT's service model that the embedded one shows to its users, who need not have the SDK. Where they
 * meet the SDK's own, the compiler compares them.
 */

/** How a job stands. */
export type JobStatus = 'CANCELED' | 'COMPLETED' | 'DELETION_IN_PROGRESS' | 'IN_PROGRESS' | 'SCHEDULED';

/** Whether a job also runs on things that join its targets later. */
export type TargetSelection = 'CONTINUOUS' | 'SNAPSHOT';

/** How a job stands on one device. */
export type JobExecutionStatus =
  | 'CANCELED'
  | 'FAILED'
  | 'IN_PROGRESS'
  | 'QUEUED'
  | 'REJECTED'
  | 'REMOVED'
  | 'SUCCEEDED'
  | 'TIMED_OUT';

/** How many devices are how far. */
export interface JobProcessDetails {
  processingTargets?: string[];
  numberOfCanceledThings?: number;
  numberOfSucceededThings?: number;
  numberOfFailedThings?: number;
  numberOfRejectedThings?: number;
  numberOfQueuedThings?: number;
  numberOfInProgressThings?: number;
  numberOfRemovedThings?: number;
  numberOfTimedOutThings?: number;
}
