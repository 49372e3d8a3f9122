import type { LocalAws } from '../local/aws';

/** Tells on standard error what runs, how far it is and how long the rest will take about. */
export class Progress {
  private done = 0;
  private expectedRest: number;
  /** How long things took that were expected to take `expected`. */
  private readonly past = { took: 0, expected: 0 };

  constructor(private readonly expected: readonly number[]) {
    this.expectedRest = expected.reduce((sum, seconds) => sum + seconds, 0);
    process.stderr.write(`${expected.length} runs, ${about(this.expectedRest)} in all\n`);
  }

  /** Runs the next one. */
  async next<T extends { readonly wallSeconds: number }>(
    name: string,
    run: (onStart: (aws: LocalAws) => void) => Promise<T>,
  ): Promise<T> {
    const expected = this.expected[this.done]!;
    const label = `[${this.done + 1}/${this.expected.length}] ${name}`;
    const start = performance.now();
    const watching = new AbortController();
    try {
      const result = await run((aws) => watch(aws, label, watching.signal));
      this.past.took += (performance.now() - start) / 1000;
      this.past.expected += expected;
      this.expectedRest -= expected;
      this.done += 1;
      const rest = this.expectedRest * (this.past.took / this.past.expected);
      process.stderr.write(`${clear()}${label}: ${result.wallSeconds.toFixed(1)} s; ${about(rest)} left\n`);
      return result;
    } finally {
      watching.abort();
    }
  }
}

/** A line that is written again each second, where somebody watches. */
function watch({ iot }: LocalAws, label: string, signal: AbortSignal): void {
  if (!process.stderr.isTTY) {
    return;
  }
  const timer = setInterval(() => {
    const jobs = iot.histories.length;
    process.stderr.write(`${clear()}${label}: ${jobs - iot.jobs().length} of ${jobs} jobs gone`);
  }, 1000);
  signal.addEventListener('abort', () => clearInterval(timer));
}

function clear(): string {
  return process.stderr.isTTY ? '\r\x1b[K' : '';
}

function about(seconds: number): string {
  return seconds < 90 ? `about ${Math.ceil(seconds)} s` : `about ${Math.round(seconds / 60)} min`;
}
