import type { JobStatus } from './shapes';

/** One call over the wire, as its caller saw it end. */
export interface Call {
  /** Milliseconds since the epoch, when the call arrived. */
  readonly time: number;
  readonly accessKeyId: string;
  /** Such as `DeleteJob`; the method and path of a request that is no operation of this service. */
  readonly operation: string;
  readonly jobId?: string;
  /** `ok`, the error's code, or `disconnected` when an interception left the caller without an answer. */
  readonly outcome: string;
  readonly requestId: string;
}

/**
 * The life of one incarnation of a job id. Times are milliseconds since the epoch.
 *
 * Deletion took `deletedAt - deletionStartedAt`; waiting for a slot took `deletionStartedAt - firstRefusedForSlotAt`.
 */
export interface JobHistory {
  readonly jobId: string;
  readonly createdAt: number;
  canceledAt?: number;
  /** The first DeleteJob that all deletion slots being taken refused. */
  firstRefusedForSlotAt?: number;
  /** How many DeleteJob calls were refused for want of a slot. */
  slotRefusals: number;
  /** When DeleteJob was accepted. */
  deletionStartedAt?: number;
  /** The status that the accepted DeleteJob found. */
  deletedFrom?: JobStatus;
  /** Whether the accepted DeleteJob carried `force`. */
  deletedWithForce?: boolean;
  /** When the job was gone: its true end, not when somebody noticed. */
  deletedAt?: number;
}

/** What happened, for tests and the rehearsal to read afterwards. */
export class Journal {
  readonly calls: Call[] = [];
  readonly histories: JobHistory[] = [];

  constructor(private readonly onCall?: (call: Call) => void) {}

  recordCall(call: Call): void {
    this.calls.push(call);
    this.onCall?.(call);
  }

  /** Opens the history of a new incarnation; whoever changes the job writes into it. */
  begin(jobId: string, createdAt: number): JobHistory {
    const history: JobHistory = { jobId, createdAt, slotRefusals: 0 };
    this.histories.push(history);
    return history;
  }
}
