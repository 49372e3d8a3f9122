import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Keeps the API as it is now in `api/released/`, for jsii-diff to compare with: run it when a version is released.
 *
 * Only what jsii-diff reads: the types, not what describes them to people, and not those of the dependencies.
 *
 * Its version is 0.0.0: jsii-docgen takes the highest version that it finds in the repository, which must be today's.
 */
const root = join(__dirname, '..');
const released = join(root, 'api', 'released');
const read = (file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(root, file), 'utf8')) as Record<string, unknown>;

const version = '0.0.0';
const { name, peerDependencies, jsii } = read('package.json');
const assembly = { ...read('.jsii'), readme: undefined, dependencyClosure: undefined, version };
mkdirSync(released, { recursive: true });
writeFileSync(
  join(released, 'package.json'),
  `${JSON.stringify({ name, version, peerDependencies, jsii }, undefined, 2)}\n`,
);
writeFileSync(join(released, '.jsii'), `${JSON.stringify(assembly, undefined, 2)}\n`);
