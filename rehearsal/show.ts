import { writeFileSync } from 'node:fs';
import { reportPage } from './report/page';
import { conclude, type Recording, type Result, table } from './result';
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
  if (outputs.report !== undefined) {
    writeFileSync(outputs.report, reportPage(recording, result));
    terminal.line(`\nThe report is ${outputs.report}`);
  }
  return showResult(result, outputs, terminal);
}

/** Shows a result without a picture; answers whether all is well. */
export function showResult(result: Result, { json }: Pick<Outputs, 'json'>, terminal: Terminal): boolean {
  if (json) {
    process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
  }
  terminal.line(`\n${table(result.jobs)}`);
  terminal.verdict(result.good, result.verdict);
  return result.good;
}
