import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// What imports the library in Python is the package that jsii makes; here it is the translation that is checked.
test('the Python example is the translation of the TypeScript beside it, which compiles', () => {
  const root = join(__dirname, '..', '..');
  const rosetta = join(root, 'node_modules', '.bin', 'jsii-rosetta');
  const source = join(root, 'examples', 'python', 'teardown.ts');
  const python = execFileSync(rosetta, ['snippet', '--language', 'python', source], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  expect(python.trim()).toBe(readFileSync(join(root, 'examples', 'python', 'teardown.py'), 'utf8').trim());
});
