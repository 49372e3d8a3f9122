/**
 * A failure as the reader of the CloudFormation console gets it: one sentence what, one sentence what to do.
 *
 * The framework puts an error's *stack* into CloudFormation's Reason, so the stack is the message alone. And the whole
 * answer must stay under CloudFormation's 4,096 bytes, or the answer itself is refused: so the message is cut.
 */
export class UserError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(shortened(message, 2000), options);
    this.name = 'JobDeletionFailed';
    this.stack = this.message;
  }
}

/** The text on one line of at most so many ASCII characters: what a service says may be of any length and script. */
export function shortened(text: string, length: number): string {
  const line = text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .trim();
  return line.length > length ? `${line.slice(0, length - 3)}...` : line;
}
