import type { Clock } from '../aws/clock';

/** How old an answer that is remembered of a job may be: when it was asked for at the earliest, in milliseconds. */
export interface Freshness {
  readonly since: number;
  readonly clock: Pick<Clock, 'now'>;
}

/** So many answers are remembered at most: a few megabytes. */
const MOST = 50_000;

/**
 * What was asked of a job once, as long as the function stays warm. So a pass over thousands of strangers' jobs costs its
 * calls once, and not once for each look.
 *
 * Tags change, and so do the targets of a continuous job: each asker says how old an answer may be.
 */
export class Memory<Answer> {
  private readonly answers = new Map<string, { readonly at: number; readonly answer: Answer }>();

  /** @param ask answers with nothing where there is nothing to remember */
  async of(
    key: string,
    { clock, since }: Freshness,
    ask: () => Promise<Answer | undefined>,
  ): Promise<Answer | undefined> {
    const known = this.answers.get(key);
    if (known !== undefined && known.at >= since) {
      return known.answer;
    }
    const at = clock.now();
    const answer = await ask();
    if (this.answers.size >= MOST) {
      this.answers.clear();
    }
    if (answer !== undefined) {
      this.answers.set(key, { at, answer });
    }
    return answer;
  }
}
