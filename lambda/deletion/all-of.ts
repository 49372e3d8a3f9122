/**
 * Does the same for all at once, and waits for every one of them to end before the first failure is thrown: what an
 * invocation leaves running would go on in the next one.
 */
export async function allOf<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const outcomes = await Promise.allSettled(items.map(work));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) {
    throw failed.reason;
  }
}
