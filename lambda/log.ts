/** One line of the log: a decision, with the job, its state, the call and its request id. Never a ResponseURL. */
export interface LogLine {
  readonly message: string;
  readonly jobId?: string;
  readonly status?: string;
  readonly call?: string;
  readonly requestId?: string;
  readonly [field: string]: unknown;
}

/** Writes past the console, which Lambda patches: so that the line is the JSON itself in either of its log formats. */
export function log(line: LogLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
