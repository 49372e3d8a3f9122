import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { helpOnly } from './help';
import { runAsUser, tarball } from './packed';

helpOnly(`Usage: npm run package:new-user

Runs what the README tells a new user, from an empty folder, with the package that npm run package has packed.
Takes about a minute, and downloads packages.
`);

/** Runs what the README tells a new user, from an empty folder to a rehearsal, with the package as it is packed. */
const root = join(__dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const IMPORT = 'import { JobDeletion, JobSelection, JobSweep } from';
const JOB = "new JobDeletion(this, 'Teardown', { jobId: 'ota-2026-11', force: true });";
const folder = mkdtempSync(join(tmpdir(), 'new-user-'));
// CDK names the stack after the folder.
const app = join(folder, 'my-fleet');
mkdirSync(app);
void becomeUser().finally(() => rmSync(folder, { recursive: true, force: true }));

async function becomeUser(): Promise<void> {
  await step('npx --yes aws-cdk@2 init app --language typescript');
  said(`npm install ../cdk-iot-job-deletion/${relative(root, tarball)}`);
  await step(`npm install ${tarball}`);
  edit(join(app, 'lib', 'my-fleet-stack.ts'));
  await step(said('npx cdk synth'));
  withTypesChecked();
  await step(said('npx cdk-iot-job-deletion rehearse --report teardown.html'));
}

/** What is typed here stands in the README. */
function said(line: string): string {
  if (!readme.includes(line)) {
    throw new Error(`The README no longer says: ${line}`);
  }
  return line;
}

async function step(command: string): Promise<void> {
  const start = Date.now();
  // What npm sets for this project's scripts is not in the user's environment.
  const { PATH, HOME } = process.env;
  const [program, ...options] = command.split(' ');
  await runAsUser(app, { PATH, HOME, CI: 'true' }, program!, ...options);
  process.stdout.write(`${((Date.now() - start) / 1000).toFixed(1).padStart(5)} s  ${command}\n`);
}

/** The app that cdk init makes compiles itself before each run, which tells nothing new the second time. */
function withTypesChecked(): void {
  const file = join(app, 'cdk.json');
  const before = readFileSync(file, 'utf8');
  const after = before.replace('npx tsc && ', '');
  if (after === before) {
    throw new Error(`cdk init has made another app than before:\n${before}`);
  }
  writeFileSync(file, after);
}

/** What the user types: an import above, and a job in the constructor. */
function edit(file: string): void {
  const before = readFileSync(file, 'utf8');
  const after = before.replace('// The code that defines your stack goes here', said(JOB));
  if (after === before) {
    throw new Error(`cdk init has made another stack than the README says:\n${before}`);
  }
  said(IMPORT);
  writeFileSync(file, `import { JobDeletion } from 'cdk-iot-job-deletion';\n${after}`);
}
