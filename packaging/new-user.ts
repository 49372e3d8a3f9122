import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAsUser, tarball } from './packed';

/** What the README tells a new user to do, from an empty folder to a rehearsal, with the package as it is packed. */
const folder = mkdtempSync(join(tmpdir(), 'new-user-'));
// CDK names the stack after the folder.
const app = join(folder, 'my-fleet');
mkdirSync(app);
try {
  step('npx --yes aws-cdk@2 init app --language typescript');
  step(`npm install ${tarball}`);
  edit(join(app, 'lib', 'my-fleet-stack.ts'));
  step('npx cdk synth');
  step('npx cdk-iot-job-deletion rehearse --report teardown.html');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function step(command: string): void {
  const start = Date.now();
  // What npm sets for this project's scripts is not in the user's environment.
  const { PATH, HOME } = process.env;
  const [program, ...options] = command.split(' ');
  runAsUser(app, { PATH, HOME, CI: 'true' }, program!, ...options);
  process.stdout.write(`${((Date.now() - start) / 1000).toFixed(1).padStart(5)} s  ${command}\n`);
}

/** What the user types: an import above, and a job in the constructor. */
function edit(file: string): void {
  const before = readFileSync(file, 'utf8');
  const after = before.replace(
    '// The code that defines your stack goes here',
    "new JobDeletion(this, 'Teardown', { jobId: 'ota-2026-11', force: true });",
  );
  if (after === before) {
    throw new Error(`cdk init has made another stack than the README says:\n${before}`);
  }
  writeFileSync(file, `import { JobDeletion } from 'cdk-iot-job-deletion';\n${after}`);
}
