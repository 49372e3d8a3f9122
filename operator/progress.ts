import { styleText } from 'node:util';
import { DELETION_SLOTS } from '../lambda/deletion/slots';
import type { Console } from './console';
import type { Watcher } from './watched-jobs';

/** Tells on stderr what happens: one line a change, and on a terminal a last line with how far it is. */
export class Progress implements Watcher {
  private deleted = 0;
  private status = '';
  private waitingFor = '';
  private ours: ReadonlySet<string> = new Set();

  constructor(private readonly console: Console) {}

  /** These jobs are to be deleted. */
  begin(jobIds: readonly string[]): void {
    this.ours = new Set(jobIds);
  }

  changed(jobId: string, change: 'CancelJob sent' | 'DeleteJob sent' | 'deleted'): void {
    this.deleted += change === 'deleted' ? 1 : 0;
    this.line(`${jobId}: ${change === 'deleted' ? this.paint('green', change) : change}`);
    this.show(`${this.deleted} of ${this.ours.size} deleted`);
  }

  holders(jobIds: readonly string[]): void {
    const others = jobIds.filter((jobId) => !this.ours.has(jobId)).sort();
    const text = others.join(', ');
    if (jobIds.length >= DELETION_SLOTS && others.length > 0 && text !== this.waitingFor) {
      this.line(`Waiting for a deletion slot: ${jobIds.length} of ${DELETION_SLOTS} are taken, by other jobs: ${text}`);
    }
    this.waitingFor = text;
  }

  /** A line of its own. */
  line(text: string): void {
    this.console.stderr.write(`${this.erase}${text}\n${this.status}`);
  }

  /** Takes the last line away. */
  end(): void {
    this.console.stderr.write(this.erase);
    this.status = '';
  }

  private show(text: string): void {
    if (this.console.stderr.isTTY) {
      this.console.stderr.write(`${this.erase}${text}`);
      this.status = text;
    }
  }

  private get erase(): string {
    return this.status === '' ? '' : '\r\u001b[K';
  }

  private paint(style: 'green', text: string): string {
    const { env, stderr } = this.console;
    return stderr.isTTY && !env.NO_COLOR ? styleText(style, text, { validateStream: false }) : text;
  }
}
