import { styleText } from 'node:util';
import type { Obstacle } from '../lambda/deletion/obstacle';
import { DELETION_SLOTS } from '../lambda/deletion/slots';
import type { Console, Output } from './console';
import type { Watcher } from './watched-jobs';

/** Tells on stderr what happens: one line a change, and on a terminal a last line with how far it is. */
export class Progress implements Watcher {
  private deleted = 0;
  private calls = 0;
  private status = '';
  private waitingFor = '';
  private readonly told = new Set<string>();
  private ours: ReadonlySet<string> = new Set();

  constructor(private readonly console: Console) {}

  /** These jobs are to be deleted. */
  begin(jobIds: readonly string[]): void {
    this.ours = new Set(jobIds);
    this.showDeleted();
  }

  changed(jobId: string, change: 'CancelJob sent' | 'DeleteJob sent' | 'deleted'): void {
    this.deleted += change === 'deleted' ? 1 : 0;
    const { env, stderr } = this.console;
    this.line(`${jobId}: ${change === 'deleted' ? paint('green', change, stderr, env) : change}`);
    this.showDeleted();
  }

  holders(jobIds: readonly string[]): void {
    const others = jobIds.filter((jobId) => !this.ours.has(jobId)).sort();
    const text = others.join(', ');
    if (jobIds.length >= DELETION_SLOTS && others.length > 0 && text !== this.waitingFor) {
      this.line(`Waiting for a deletion slot: ${jobIds.length} of ${DELETION_SLOTS} are taken, by other jobs: ${text}`);
    }
    this.waitingFor = text;
  }

  /** A call was answered: before anything is deleted, that is all there is to see. */
  called(action: string): void {
    this.calls += 1;
    if (this.ours.size === 0) {
      this.show(`Reading: ${this.calls} calls, ${action}`);
    }
  }

  /** A call failed and is sent again: said once for each action and kind. */
  hindered({ action, kind, said }: Obstacle): void {
    const isNews = (kind === 'throttled' || kind === 'unavailable') && !this.told.has(`${action} ${kind}`);
    if (isNews) {
      this.told.add(`${action} ${kind}`);
      this.line(`${action} is ${kind}, and is retried: ${said}`);
    }
  }

  /** A line of its own. */
  line(text: string): void {
    this.console.stderr.write(`${this.erase}${text}\n${this.status}`);
  }

  /** Takes the last line away. */
  end(): void {
    if (this.status !== '') {
      this.console.stderr.write(this.erase);
      this.status = '';
    }
  }

  private showDeleted(): void {
    this.show(`${this.deleted} of ${this.ours.size} deleted`);
  }

  private show(text: string): void {
    const { isTTY, columns } = this.console.stderr;
    if (isTTY) {
      // A line that the terminal breaks could not be taken away again; some terminals have a width of 0.
      const fitting = text.slice(0, (columns || 80) - 1);
      this.console.stderr.write(`${this.erase}${fitting}`);
      this.status = fitting;
    }
  }

  private get erase(): string {
    return this.status === '' ? '' : '\r\u001b[K';
  }
}

/** Colours a text where a person watches, who has not set NO_COLOR. */
export function paint(
  style: 'bold' | 'green' | 'red' | 'yellow',
  text: string,
  output: Output,
  env: NodeJS.ProcessEnv,
): string {
  return output.isTTY && !env.NO_COLOR ? styleText(style, text, { validateStream: false }) : text;
}
