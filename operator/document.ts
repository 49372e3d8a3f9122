import { version } from '../rehearsal/version';
import type { Account } from './account';
import type { JobOutcome } from './delete-jobs';

/** Changes when a reader of the document would have to. */
const FORMAT = 1;

/** What a command came to. */
export type OperatorVerdict =
  /** Every job is deleted, or would be. */
  | 'OK'
  /** A job was refused or is left. */
  | 'FAIL'
  /** A wrong option, no credentials, nobody who agreed: nothing was deleted. */
  | 'ERROR'
  /** Ended from outside. */
  | 'INTERRUPTED';

/** What `--json` prints of a command. */
export interface OperatorResult {
  readonly verdict: OperatorVerdict;
  readonly reason: string;
  readonly account?: Account;
  readonly jobs?: readonly JobOutcome[];
  readonly options?: Readonly<Record<string, unknown>>;
}

/** The one JSON document of a command. */
export function operatorDocument(command: string, { account, ...result }: OperatorResult): string {
  const { verdict, reason, options, jobs = [] } = result;
  const document = {
    format: FORMAT,
    version: version(),
    command,
    verdict,
    reason,
    account: account?.home.account,
    region: account?.home.region,
    identity: account?.arn,
    ...options,
    jobs: jobs.map(({ createdAt, ...job }) => ({ ...job, createdAt: new Date(createdAt).toISOString() })),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
