import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { App } from 'aws-cdk-lib';
import { jobFromContext } from '../../bin/input';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'example-app-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const job = (context: Record<string, unknown>): object => jobFromContext(new App({ context }).node);

describe('which job the context names', () => {
  test("nothing: the seed's own example", () => {
    expect(job({})).toEqual({ jobId: 'example-job-04', force: true });
  });

  test('options', () => {
    expect(job({ jobId: 'a', force: 'true', namespaceId: 'b' })).toEqual({ jobId: 'a', force: true, namespaceId: 'b' });
    expect(job({ jobId: 'a', force: false })).toEqual({ jobId: 'a', force: false, namespaceId: undefined });
  });

  test('a file, over which the options win', () => {
    const input = join(folder, 'delete-job.yaml');
    writeFileSync(input, 'jobId: from-file\nforce: true\n');
    expect(job({ input })).toEqual({ jobId: 'from-file', force: true });
    expect(job({ input, jobId: 'from-context', force: 'false' })).toEqual({ jobId: 'from-context', force: false });
  });

  test.each([
    [{ force: 'yes', jobId: 'a' }, '-c force="yes" must be true or false.'],
    [{ force: 'true' }, 'name it with -c jobId= or -c input=FILE.'],
    [{ jobId: 7 }, '-c jobId=7 must be a string.'],
  ])('%j is an error', (context, message) => {
    expect(() => job(context)).toThrow(message);
  });
});

test('the app synthesizes as the CDK CLI runs it, without credentials', async () => {
  const env = { PATH: process.env.PATH, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: '{"jobId":"ota-1"}' };
  const [command, ...args] = (JSON.parse(readFileSync('cdk.json', 'utf8')) as { app: string }).app.split(' ');
  await promisify(execFile)(command!, args, { env });
  expect(readFileSync(join(folder, 'JobDeletionExample.template.json'), 'utf8')).toContain('"JobId": "ota-1"');
});
