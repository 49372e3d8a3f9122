/** How many items there are of each key. */
export function countBy<T>(items: readonly T[], key: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const each of items.map(key)) {
    counts[each] = (counts[each] ?? 0) + 1;
  }
  return counts;
}
