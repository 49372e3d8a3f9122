import { styleText } from 'node:util';
import type { StackEvent } from '../local';
import type { Check } from './result';

/** What is shown of a stack event. */
type ShownEvent = Pick<StackEvent, 'time' | 'type' | 'logicalId' | 'reason'> & { readonly status: string };

/** Where the rehearsal tells what happens: colour only where a person watches. */
export class Terminal {
  /** Standard output, unless that is for JSON. */
  static beside({ json }: { readonly json: boolean }): Terminal {
    return new Terminal(json ? process.stderr : process.stdout);
  }

  /** What stands below the other lines. */
  private status = '';

  private constructor(private readonly stream: NodeJS.WriteStream) {}

  /** Whether a person watches. */
  get isWatched(): boolean {
    return this.stream.isTTY;
  }

  heading(text: string): void {
    this.line(`\n${this.paint('bold', text)}`);
  }

  line(text: string): void {
    this.stream.write(`${this.erase}${text}\n${this.status}`);
  }

  /**
   * A line that stays below all others and is replaced by the next one; the last one, which is empty, takes it away.
   * Where nobody watches, each is a line of its own.
   */
  progress(text: string): void {
    if (!this.stream.isTTY) {
      this.stream.write(text && `${text}\n`);
      return;
    }
    this.stream.write(`${this.erase}${text}`);
    this.status = text;
  }

  private get erase(): string {
    return this.status === '' ? '' : '\r\u001b[K';
  }

  /** One stack event, as the CDK CLI shows it. */
  event({ time, status, type, logicalId, reason }: ShownEvent): void {
    const columns = [time.toTimeString().slice(0, 8), this.coloured(status.padEnd(20)), type.padEnd(32), logicalId];
    this.line(columns.join(' | ') + (reason ? ` ${reason}` : ''));
  }

  /** What should be true now, and whether it is. */
  check({ what, holds }: Check): void {
    this.line(`${holds ? 'as it should be' : 'NOT AS IT SHOULD BE'}: ${what}`);
  }

  verdict(good: boolean, text: string): void {
    this.line(`\n${this.paint(good ? 'green' : 'red', text)}`);
  }

  private coloured(status: string): string {
    if (status.includes('FAILED')) {
      return this.paint('red', status);
    }
    if (status.includes('ROLLBACK')) {
      return this.paint('yellow', status);
    }
    return status.trimEnd().endsWith('COMPLETE') ? this.paint('green', status) : status;
  }

  private paint(style: 'bold' | 'green' | 'red' | 'yellow', text: string): string {
    return this.stream.isTTY && !process.env.NO_COLOR ? styleText(style, text) : text;
  }
}
