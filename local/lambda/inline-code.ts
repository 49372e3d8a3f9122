import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folders of the code that templates have inline: each goes with its function, and at the latest with Lambda. */
export class InlineCode {
  private readonly directories = new Map<string, string>();

  /** A function's folder, which is made when it is first asked for. */
  directory(functionName: string): string {
    const directory = this.directories.get(functionName) ?? mkdtempSync(join(tmpdir(), 'inline-function-'));
    this.directories.set(functionName, directory);
    return directory;
  }

  remove(functionName: string): void {
    const directory = this.directories.get(functionName);
    if (directory !== undefined) {
      this.directories.delete(functionName);
      rmSync(directory, { recursive: true, force: true });
    }
  }

  close(): void {
    [...this.directories.keys()].forEach((functionName) => this.remove(functionName));
  }
}
