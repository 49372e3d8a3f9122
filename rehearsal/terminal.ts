import { styleText } from 'node:util';
import type { StackEvent } from '../local';

/** Where the rehearsal tells what happens: colour only where a person watches. */
export class Terminal {
  /** Standard output, unless that is for JSON. */
  static beside({ json }: { readonly json: boolean }): Terminal {
    return new Terminal(json ? process.stderr : process.stdout);
  }

  private constructor(private readonly stream: NodeJS.WriteStream) {}

  heading(text: string): void {
    this.line(`\n${this.paint('bold', text)}`);
  }

  line(text: string): void {
    this.stream.write(`${text}\n`);
  }

  /** One stack event, as the CDK CLI shows it. */
  event({ time, status, type, logicalId, reason }: StackEvent): void {
    const columns = [time.toTimeString().slice(0, 8), this.status(status.padEnd(20)), type.padEnd(32), logicalId];
    this.line(columns.join(' | ') + (reason ? ` ${reason}` : ''));
  }

  verdict(good: boolean, text: string): void {
    this.line(`\n${this.paint(good ? 'green' : 'red', text)}`);
  }

  private status(status: string): string {
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
