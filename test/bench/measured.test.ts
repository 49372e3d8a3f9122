import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GOALS } from '../../bench/goals';
import { DOCUMENTS, withFigures } from '../../bench/measured';
import type { Results } from '../../bench/results';
import { goalTable } from '../../bench/table';

const root = join(__dirname, '..', '..');
const results = JSON.parse(readFileSync(join(root, 'bench', 'results.json'), 'utf8')) as Results;

test.each(DOCUMENTS)('%s has the figures of bench/results.json', (path) => {
  const document = readFileSync(join(root, path), 'utf8');
  expect(document).toBe(withFigures(document, results));
});

// A load time is the machine's, and no test's.
test.each(GOALS.filter(({ name }) => !name.startsWith('load time')))('reached: $name', ({ now, most }) => {
  expect(Number(now(results)!.toFixed(2))).toBeLessThanOrEqual(most);
});

test('what was not measured is neither reached nor missed', () => {
  const rows = goalTable(GOALS, { ...results, handlers: [], large: [], summaries: [], synth: [] })
    .split('\n')
    .slice(2);
  expect(rows).toHaveLength(GOALS.length);
  expect(rows.filter((row) => !row.includes('| not measured'))).toEqual([]);
});

test('a figure that the bench lacks', () => {
  expect(() => withFigures('<!-- bench: nonsense -->\n<!-- /bench -->', results)).toThrow(
    'No figures are called "nonsense": machine, goals,',
  );
});
