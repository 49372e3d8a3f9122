/** CloudFormation takes 4,096 bytes of answer in all; the reason is shorter. */
const LONGEST = 2000;

/** A failure as the reader of the CloudFormation console gets it: what happened, then what to do. */
export class Failure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(shortened(message, LONGEST), options);
    this.name = 'JobDeletionFailed';
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
