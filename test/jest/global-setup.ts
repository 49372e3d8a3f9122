import { spawn } from 'node:child_process';
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../packaging/bundles';

/**
 * Before the first test: the bundles are of the sources as they are, and this run, its workers and their processes get
 * a temp folder of their own. However the run ends, a process that waits for just that removes it.
 */
export default async function globalSetup(): Promise<void> {
  await bundle();
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'job-deletion-tests-'));
  const reaper = spawn(process.execPath, [join(__dirname, 'reaper.cjs'), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  reaper.unref();
  (reaper.stdin as unknown as { unref(): void }).unref();
  process.env.TMPDIR = folder;
  // To get ready for it takes every test file seconds; test/lib/validation.test.ts and packaging/new-user.ts have it.
  process.env.CDK_VALIDATION = 'false';
  // On Node 20 every worker would say so again and again.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
}
