import { readFileSync } from 'node:fs';

const page = readFileSync('docs/security.md', 'utf8').replaceAll(/\s+/g, ' ');

/** Each proof: a file, and the titles of tests in it. */
const proofs = page
  .split('Proof:')
  .slice(1)
  .flatMap((part) => {
    const [, file, titles] = /^ `(test\/[^`]+)`,(.*)$/.exec(part)!;
    // The titles end with the sentence; only what is quoted up to there counts, in double quotes or in single ones.
    const quoted = [...titles!.matchAll(/(?<= )'([^']+)'(?=,)|(?<= )"([^"]+)"/g)];
    return quoted.map(([, single, double]) => [file!, (single ?? double)!] as const);
  });

test('every claim that names a proof is read', () => {
  expect(new Set(proofs.map(([file]) => file)).size).toBe(5);
  expect(proofs).toHaveLength(10);
});

test.each(proofs)('%s: %s', (file, title) => {
  expect(readFileSync(file, 'utf8').replaceAll(/\\(['"])/g, '$1')).toContain(title);
});
