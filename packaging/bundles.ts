import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '..');

/** Whatever decides what is in the bundles. */
const SOURCES = ['lambda', 'lib', 'local', 'operator', 'rehearsal', 'packaging', 'package-lock.json'];
const SCRIPTS = ['lambda/build.ts', 'local/build.ts'];
const BUNDLES = ['assets/handler/index.js', 'dist/local/index.js', 'dist/rehearsal/main.js'];

/** Says which sources the bundles are made of. */
const stamp = join(root, '.bundled');

/** Makes `assets/` and `dist/`, unless they are made of these very sources. */
export async function bundle(): Promise<void> {
  const digest = digestOfSources();
  if (BUNDLES.every((path) => existsSync(join(root, path))) && existsSync(stamp)) {
    if (readFileSync(stamp, 'utf8') === digest) {
      return;
    }
  }
  rmSync(stamp, { force: true });
  const run = promisify(execFile);
  // Its cache would stay in the temp folder.
  const env = { ...process.env, TSX_DISABLE_CACHE: '1' };
  await Promise.all(SCRIPTS.map((script) => run(process.execPath, ['--import', 'tsx', script], { cwd: root, env })));
  writeFileSync(stamp, digest);
}

function digestOfSources(): string {
  const digest = createHash('sha256');
  for (const file of SOURCES.flatMap((source) => filesOf(join(root, source)))) {
    digest
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return digest.digest('hex');
}

function filesOf(path: string): string[] {
  if (!path.endsWith('.json')) {
    const entries = readdirSync(path, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return files.sort();
  }
  return [path];
}
