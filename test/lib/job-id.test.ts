import fc from 'fast-check';
import { isCovered, isPrefixCovered, isValidPattern } from '../../lib/job-id';

test('a pattern with many wildcards does not backtrack over a long id (R30)', () => {
  // A regular expression takes more than a minute for each of these.
  expect(isCovered('-'.repeat(64), ['x*-*-*-*-*-*-*z'])).toBe(false);
  expect(isCovered(`x${'-'.repeat(63)}`, ['x*-*-*-*-*-*-*z'])).toBe(false);
  expect(isCovered(`x${'-'.repeat(20_000)}`, ['x*-*-*-*-*-*-*z', `x${'*-'.repeat(31)}z`])).toBe(false);
  expect(isCovered(`x${'-'.repeat(20_000)}z`, [`x${'*-'.repeat(31)}*z`])).toBe(true);
});

const alphabet = fc.constantFrom('a', 'b', '-');
const id = fc.array(alphabet, { maxLength: 8 }).map((parts) => parts.join(''));
const pattern = fc
  .array(fc.oneof(alphabet, fc.constantFrom('*', '?')), { maxLength: 6 })
  .map((parts) => parts.join(''));

test('matches as a regular expression does, where that is quick', () => {
  fc.assert(
    fc.property(id, pattern, (jobId, text) => {
      const expression = new RegExp(`^${text.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      expect(isCovered(jobId, [text])).toBe(expression.test(jobId));
    }),
    { numRuns: 2_000 },
  );
});

test('a prefix is covered only if every id that begins with it is', () => {
  fc.assert(
    fc.property(id, pattern, id, (prefix, text, rest) => {
      fc.pre(isPrefixCovered(prefix, [text]));
      expect(isCovered(prefix + rest, [text])).toBe(true);
    }),
  );
});

test.each([
  ['ota-*', true],
  ['fw-?', true],
  ['', false],
  ['a/b', false],
  ['a'.repeat(65), false],
])('"%s" may be a pattern: %s', (text, valid) => expect(isValidPattern(text)).toBe(valid));
