import { writeFileSync } from 'node:fs';
import { reportPage } from './report/page';
import { conclude, type Recording, table } from './result';
import type { Terminal } from './terminal';

/** Where a rehearsal's result goes, beside the terminal. */
export interface Outputs {
  readonly json: boolean;
  /** The file of the report. */
  readonly report?: string;
}

/** Shows what a rehearsal came to; answers whether all is well. */
export function show(recording: Recording, outputs: Outputs, terminal: Terminal): boolean {
  const result = conclude(recording);
  if (outputs.json) {
    process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
  }
  terminal.line(`\n${table(result.jobs)}`);
  if (outputs.report !== undefined) {
    writeFileSync(outputs.report, reportPage(recording, result));
    terminal.line(`\nThe report is ${outputs.report}`);
  }
  terminal.verdict(result.good, result.verdict);
  return result.good;
}
