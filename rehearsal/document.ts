import type { Result } from './result';
import { version } from './version';

/** Changes when a reader of the document would have to. */
const FORMAT = 1;

/** A result as the one JSON document that `--json` prints. */
export function jsonDocument(command: string, result: Result): string {
  const { verdict, reason, deletions, jobs, operations, checks, conditions, stubs, warnings, notChecked } = result;
  const document = {
    format: FORMAT,
    version: version(),
    command,
    verdict,
    reason,
    deletions,
    jobs,
    operations: operations.map(({ startedAt, endedAt, ...rest }) => ({
      ...rest,
      seconds: (endedAt - startedAt) / 1000,
    })),
    checks,
    conditions: conditions.map(named),
    stubs: stubs.map(named),
    warnings,
    notChecked,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** Everywhere in the document, `stack` is the name of one. */
function named<T extends { readonly stackName: string }>({
  stackName,
  ...rest
}: T): Omit<T, 'stackName'> & { stack: string } {
  return { stack: stackName, ...rest };
}
