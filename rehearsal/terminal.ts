import { styleText } from 'node:util';
import type { StackEvent } from '../local';
import type { Check } from './result';
import type { Verdict } from './verdict';

/** What is shown of a stack event. */
type ShownEvent = Pick<StackEvent, 'time' | 'type' | 'logicalId' | 'reason'> & { readonly status: string };

/** After so long without a line, one says what is going on; in a log the pauses grow. */
const SILENCE = { person: 200, log: 2_000 };

/** Where the rehearsal tells what happens: colour only where a person watches. */
export class Terminal {
  /** Standard output, unless that is for JSON. */
  static beside({ json }: { readonly json: boolean }): Terminal {
    return new Terminal(json ? process.stderr : process.stdout);
  }

  /** What stands below the other lines. */
  private status = '';
  private lastWrite = Date.now();

  constructor(private readonly stream: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>) {}

  heading(text: string): void {
    this.line(`\n${this.paint('bold', text)}`);
  }

  line(text: string): void {
    this.write(`${this.erase}${text}\n${this.status}`);
  }

  /** Waits for something; while it takes longer than two seconds, says what it is, and for how long already. */
  async whileWaiting<T>(what: () => string, awaited: Promise<T>): Promise<T> {
    const start = Date.now();
    const tick = (): void => {
      const elapsed = Date.now() - start;
      const silence = this.stream.isTTY ? SILENCE.person : Math.max(SILENCE.log, elapsed / 5);
      if (elapsed >= SILENCE.log && Date.now() - this.lastWrite >= silence) {
        this.progress(`${(elapsed / 1000).toFixed(0)} s: ${what()}`);
      }
    };
    const timer = setInterval(tick, SILENCE.person);
    try {
      return await awaited;
    } finally {
      clearInterval(timer);
      this.progress('');
    }
  }

  /** One stack event, as the CDK CLI shows it. */
  event({ time, status, type, logicalId, reason }: ShownEvent): void {
    const columns = [time.toTimeString().slice(0, 8), this.coloured(status.padEnd(20)), type.padEnd(32), logicalId];
    this.line(columns.join(' | ') + (reason ? ` ${reason}` : ''));
  }

  /** What was found, and whether it should be so. */
  check({ what, holds }: Check): void {
    this.line(`${holds ? 'PASS' : 'FAIL'}: ${what}`);
  }

  verdict(verdict: Verdict, reason: string): void {
    const styles = { PASS: 'green', FAIL: 'red', NOT_TESTED: 'yellow', ERROR: 'red', INTERRUPTED: 'yellow' } as const;
    this.line(`\n${this.paint(styles[verdict], `${verdict}: ${reason}`)}`);
  }

  /**
   * A line that stays below all others and is replaced by the next one; the last one, which is empty, takes it away.
   * Where nobody watches, each is a line of its own.
   */
  private progress(text: string): void {
    if (!this.stream.isTTY) {
      this.write(text && `${text}\n`);
      return;
    }
    this.write(`${this.erase}${text}`);
    this.status = text;
  }

  private write(text: string): void {
    if (text !== '') {
      this.stream.write(text);
      this.lastWrite = Date.now();
    }
  }

  private get erase(): string {
    return this.status === '' ? '' : '\r\u001b[K';
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
