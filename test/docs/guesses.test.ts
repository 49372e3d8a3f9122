import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const design = readFileSync('docs/design.md', 'utf8');
const table = design.slice(design.indexOf('## Guesses about AWS'));

/** Each file of the product that says "a guess". */
const files = ['lambda', 'lib', 'local', 'operator', 'rehearsal'].flatMap((room) =>
  readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(room, file))
    .filter((file) => /\ba guess\b/i.test(readFileSync(file, 'utf8'))),
);

test('there are guesses', () => expect(files).toContain('lambda/request/claims.ts'));

test.each(files)('docs/design.md says how to verify the guess of %s', (file) => {
  expect(table).toContain(`\`${file}\``);
});
