import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { helpOnly } from './help';
import { destination } from './packed';

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly bundled: readonly string[];
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** What the package is made of, and nothing else. */
const PARTS = [
  '.jsii',
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'assets',
  'assets/handler',
  'dist',
  'dist/local',
  'dist/rehearsal',
  'node_modules/yaml',
  'package.json',
];

helpOnly(`Usage: npm run package

Builds the package, packs what npm publish would send into packages/, and prints its size and its parts.
`);

/** Packs what `npm publish` would send, and prints what its user gets: how much, and what else comes with it. */
const root = join(__dirname, '..');
mkdirSync(destination, { recursive: true });
// Everything is built already; npm's own scripts would build it again, and print into the JSON.
const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', destination], {
  cwd: root,
  encoding: 'utf8',
});
const answer = JSON.parse(output) as Packed[] | Readonly<Record<string, Packed>>;
const [packed] = Object.values(answer);
const { filename, size, unpackedSize, bundled, files } = packed!;

const byPart = new Map<string, { files: number; bytes: number }>();
for (const { path, size: bytes } of files) {
  const part = /^(node_modules\/[^/]+|(assets|dist)\/[^/]+(?=\/)|[^/]+)/.exec(path)![0];
  const sum = byPart.get(part) ?? { files: 0, bytes: 0 };
  byPart.set(part, { files: sum.files + 1, bytes: sum.bytes + bytes });
}
const lines = [...byPart].map(([part, { files: count, bytes }]) => `  ${kilobytes(bytes)}  ${part} (${count})`);
process.stdout.write(
  [
    `packages/js/${filename}: ${kilobytes(size).trim()} packed, ${kilobytes(unpackedSize).trim()} unpacked`,
    ...lines.sort().reverse(),
    `Installed with it: nothing but the peers; bundled in it: ${bundled.join(', ') || 'nothing'}`,
    '',
  ].join('\n'),
);

assert.deepEqual([...byPart.keys()].sort(), PARTS, 'The package has something else in it, or lacks something.');
// What was removed from lib/ since the last build is not to be published.
const compiled = files.flatMap(({ path }) => /^dist\/([^/]+)\.js$/.exec(path)?.[1] ?? []);
assert.deepEqual(
  compiled.sort(),
  readdirSync(join(root, 'lib'))
    .map((file) => file.replace('.ts', ''))
    .sort(),
);

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1).padStart(8)} kB`;
}
