import { version } from '../rehearsal/version';
import type { Account } from './account';
import type { JobOutcome } from './delete-jobs';

/** Changes when a reader of the document would have to. */
const FORMAT = 1;

/** What a command came to. */
export type OperatorVerdict =
  /** Every job is deleted, or would be. */
  | 'OK'
  /** A job was refused or is left, or would be. */
  | 'FAIL'
  /** A plan can't tell. */
  | 'UNKNOWN'
  /** A wrong option, no credentials, nobody who agreed: nothing was deleted. */
  | 'ERROR'
  /** Ended from outside. */
  | 'INTERRUPTED';

/** What a command came to, and what it tells of that. */
export interface OperatorResult {
  readonly verdict: OperatorVerdict;
  readonly reason: string;
  /** What else the JSON document has. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** What stdout shows of it where that is not for JSON; it ends with the reason. */
  readonly text?: string;
}

/** The one JSON document of a command. */
export function operatorDocument(command: string, result: OperatorResult, account?: Account): string {
  const { verdict, reason, body } = result;
  const document = {
    format: FORMAT,
    version: version(),
    command,
    verdict,
    reason,
    account: account?.home.account,
    region: account?.home.region,
    identity: account?.arn,
    ...body,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** Jobs as the document has them. */
export function jobsInDocument(jobs: readonly JobOutcome[]): readonly Readonly<Record<string, unknown>>[] {
  return jobs.map(({ createdAt, ...job }) => ({ ...job, createdAt: new Date(createdAt).toISOString() }));
}
