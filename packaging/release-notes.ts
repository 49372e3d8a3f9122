import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The notes of a release: what the changelog says of it to users, and the subjects of its commits. */
const root = join(__dirname, '..');

/**
 * Prints the notes of the version that a tag names.
 *
 * @throws if the changelog has no section of that version
 */
function releaseNotes(tag: string): string {
  const version = tag.replace(/^v/, '');
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  const section = changelog.split(/^## /m).find((each) => each.startsWith(`[${version}]`));
  if (section === undefined) {
    throw new Error(`CHANGELOG.md has no section "## [${version}]".`);
  }
  const [, ...lines] = section.split('\n');
  const said = lines.filter((line) => !/^\[.*\]: /.test(line)).join('\n');
  return `${said.trim()}\n\n### Commits\n\n${commits(tag)}\n`;
}

function commits(tag: string): string {
  const earlier = git('tag', '--merged', tag, '--sort=-creatordate', '--list', 'v*').split('\n');
  const previous = earlier.find((each) => each !== '' && each !== tag);
  return git('log', '--no-merges', '--format=- %s (%h)', previous ? `${previous}..${tag}` : tag).trim();
}

function git(...options: string[]): string {
  return execFileSync('git', options, { cwd: root, encoding: 'utf8' });
}

const [tag] = process.argv.slice(2);
if (tag === undefined) {
  process.stderr.write('npm run release:notes -- TAG\n');
  process.exitCode = 2;
} else {
  process.stdout.write(releaseNotes(tag));
}
