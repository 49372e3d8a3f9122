import { readdirSync, readFileSync } from 'node:fs';

const page = readFileSync('docs/operating.md', 'utf8');

/** A text, or one of two by a condition. */
const MESSAGE = /\bmessage: (?:[\w.]+(?: === '\w+')? \? '([^']+)' : '([^']+)'|'([^']+)'|`([^`]+)`)/;

/** The texts of the handler's log lines, as they stand in its code: each begins with what one would search for. */
const logged = readdirSync('lambda', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => readFileSync(`lambda/${file}`, 'utf8').match(/\blog\(\{[^]*?\}\)/g) ?? [])
  .flatMap((call) => MESSAGE.exec(call)?.slice(1) ?? [])
  .flatMap((text) => (text === undefined ? [] : [text.split(/\$\{|:/)[0]!.trim()]));

test('the handler logs', () => {
  expect(logged.length).toBeGreaterThan(10);
});

test.each([...new Set(logged)])('the page lists the log message: %s', (message) => {
  expect(page).toContain(`\`${message}`);
});
