import { writeFileSync } from 'node:fs';
import { jsonDocument } from './document';
import { reportPage } from './report/page';
import { type Recording, type Result, table } from './result';
import type { Terminal } from './terminal';
import { UsageError } from './usage';
import type { Verdict } from './verdict';

/** Where a rehearsal's result goes, beside the terminal. */
export interface Outputs {
  readonly json: boolean;
  /** The file of the report. */
  readonly report?: string;
}

/** The folder was there in the beginning; it may not be writable, or be full. */
function writeReport(file: string, page: string): void {
  try {
    writeFileSync(file, page);
  } catch (error) {
    throw new UsageError(`--report ${file} can't be written: ${(error as Error).message}`, { cause: error });
  }
}

/** Shows what a rehearsal came to; answers with the verdict. */
export function show(
  command: string,
  result: Result,
  { json, report }: Outputs,
  terminal: Terminal,
  recording?: Recording,
): Verdict {
  if (report !== undefined && recording) {
    writeReport(report, reportPage(recording, result));
    terminal.line(`\nThe report is ${report}`);
  }
  if (json) {
    process.stdout.write(jsonDocument(command, result));
  }
  if (result.jobs.length > 0) {
    terminal.line(`\n${table(result.jobs)}`);
  }
  result.warnings.forEach((warning) => terminal.line(`\nNote: ${warning}`));
  terminal.verdict(result.verdict, result.reason);
  return result.verdict;
}
