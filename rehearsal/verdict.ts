/** What a rehearsal comes to. */
export type Verdict =
  /** Every deployed deletion has evidence, and nothing failed. */
  | 'PASS'
  /** An operation or a check ended otherwise than it should. */
  | 'FAIL'
  /** There is no deletion, or one without evidence. */
  | 'NOT_TESTED'
  /** A wrong option, an app that does not synthesize, a crash. */
  | 'ERROR'
  /** Ended from outside. */
  | 'INTERRUPTED';

/** The exit status of a verdict, for a pipeline. */
export function exitCodeOf(verdict: Verdict): number {
  switch (verdict) {
    case 'PASS':
      return 0;
    case 'FAIL':
      return 1;
    case 'NOT_TESTED':
    case 'ERROR':
      return 2;
    case 'INTERRUPTED':
      return 130;
    default:
      return verdict satisfies never;
  }
}
