/** So many answers are remembered at most: a few megabytes. */
const MOST = 50_000;

/**
 * What was asked of a job once, as long as the function stays warm: a job's targets never change, and its tags are what
 * they were when it was found. So a pass over thousands of strangers' jobs costs its calls once.
 *
 * Nothing is deleted on the strength of it: a job is described again before the first order.
 */
export class Memory<Answer> {
  private readonly answers = new Map<string, Answer>();

  async of(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    const known = this.answers.get(key);
    if (known !== undefined) {
      return known;
    }
    const answer = await ask();
    if (this.answers.size >= MOST) {
      this.answers.clear();
    }
    this.answers.set(key, answer);
    return answer;
  }
}
