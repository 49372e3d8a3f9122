import { Refusal } from '../deletion/patience';

/** At once no more jobs than that. */
const AT_ONCE = 10;

/**
 * Asks something of each of many jobs, and answers in their order.
 *
 * @param onRefusal what to do where one of them is refused: that is this job's, and must not keep the others. Without it,
 * a refusal is thrown
 */
export async function ofEach<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
  onRefusal?: (item: Item, refusal: Refusal) => void,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    const batch = items.slice(at, at + AT_ONCE);
    const outcomes = await Promise.allSettled(batch.map(ask));
    outcomes.forEach((outcome, index) => {
      if (outcome.status === 'fulfilled') {
        answers.push(outcome.value);
      } else if (onRefusal && outcome.reason instanceof Refusal) {
        onRefusal(batch[index]!, outcome.reason);
      } else {
        throw outcome.reason;
      }
    });
  }
  return answers;
}
