/** One line of the log: a decision, with the job, its state, the call and its request id. Never a ResponseURL. */
export interface LogLine {
  readonly message: string;
  /** Default: INFO. */
  readonly level?: 'INFO' | 'WARN' | 'ERROR';
  readonly jobId?: string;
  readonly status?: string;
  readonly call?: string;
  readonly requestId?: string;
  readonly [field: string]: unknown;
}

let write = (line: string): void => void process.stdout.write(line);

/** Sends every line elsewhere: an operator's command has a standard output of its own. */
export function logTo(writer: (line: string) => void): void {
  write = writer;
}

/**
 * Writes past the console, which Lambda patches: so that the line is the JSON itself in either of its log formats. With
 * a level and a timestamp, so that Lambda's log level filters take it for what it is.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */
export function log({ level = 'INFO', ...line }: LogLine): void {
  write(`${JSON.stringify({ timestamp: new Date().toISOString(), level, ...line })}\n`);
}
