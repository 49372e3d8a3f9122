/** What props were called in an earlier version, or may be by somebody who knows others. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  assumeRoles: 'assumableRoles',
  environmentEncryption: 'encryptionKey',
  jobIds: 'jobIdPatterns',
  patterns: 'jobIdPatterns',
  roles: 'assumableRoles',
};

/**
 * Refuses a key that is the former or a misspelt name of a prop: without `jobIdPatterns`, a provider may touch every job,
 * and without `region`, a namesake at home is deleted. Other keys are allowed, as everywhere in CDK: the props of a
 * subclass have some of their own.
 *
 * @throws if there is such a key: the error names both
 */
export function assertSpelled(where: string, values: object, names: readonly string[]): void {
  for (const key of Object.keys(values).filter((given) => !names.includes(given))) {
    const other = OTHER_NAMES[key];
    const meant = names.find((name) => name === other || isMisspelt(key, name));
    if (meant !== undefined) {
      throw new Error(`${where}: there is no prop "${key}": ${meant} is its name.`);
    }
  }
}

/** One edit in four characters, whatever the case. Shorter names have too many neighbours. */
function isMisspelt(key: string, name: string): boolean {
  const edits = Math.floor(Math.min(key.length, name.length) / 4);
  return edits > 0 && distance(key.toLowerCase(), name.toLowerCase()) <= edits;
}

/** How many characters have to be inserted, deleted, replaced or swapped with the next one. */
function distance(one: string, other: string): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 0; i < one.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j++) {
      const replaced = row[j]! + (one[i] === other[j] ? 0 : 1);
      const isSwapped = i > 0 && j > 0 && one[i] === other[j - 1] && one[i - 1] === other[j];
      next.push(Math.min(replaced, row[j + 1]! + 1, next[j]! + 1, isSwapped ? before[j - 1]! + 1 : Infinity));
    }
    [before, row] = [row, next];
  }
  return row[other.length]!;
}
