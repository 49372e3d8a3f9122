import { DeleteJobCommand, IoTClient } from '@aws-sdk/client-iot';
import type { LocalAws } from '../../local/aws';
import { close, jobs, run, startAws } from './operator-world';

let aws: LocalAws;
afterEach(() => close(aws));

const ids = (): readonly string[] => aws.iot.jobs().map(({ jobId }) => jobId);

/** Lets something happen once, after the list and before the jobs are looked at one by one. */
function afterList(happens: () => void | Promise<void>): void {
  let hasHappened = false;
  aws.iot.intercept = async (operation, _, next) => {
    if (operation === 'DescribeJob' && !hasHappened) {
      hasHappened = true;
      await happens();
    }
    return next();
  };
}

it('60 jobs, half the slots held by others for a while: all are deleted', async () => {
  aws = await startAws(jobs(60), { deletionTime: () => 1_000 });
  for (let index = 0; index < 5; index++) {
    aws.iot.createJob({ jobId: `stranger-${index}`, status: 'DELETION_IN_PROGRESS', deletionTime: 20_000 });
  }
  const { code, stderr } = await run(aws, 'sweep', ['--job-id-prefix', 'ota-', '--yes']);
  expect(stderr).toContain('60 jobs deleted.');
  expect(code).toBe(0);
  expect(ids().filter((jobId) => jobId.startsWith('ota-'))).toEqual([]);
});

it('an id that is made anew after the list is a newer job, which is kept', async () => {
  aws = await startAws(jobs(1, { deletionTime: 1 }));
  const iot = new IoTClient({ endpoint: aws.endpoint.url });
  afterList(async () => {
    await iot.send(new DeleteJobCommand({ jobId: 'ota-0' }));
    await aws.clock.sleep(1_000);
    aws.iot.createJob({ jobId: 'ota-0', status: 'COMPLETED' });
  });
  const { code } = await run(aws, 'sweep', ['--job-id-prefix', 'ota-', '--yes']);
  iot.destroy();
  expect(code).toBe(0);
  expect(ids()).toEqual(['ota-0']);
  expect(aws.iot.calls.filter(({ operation }) => operation === 'DeleteJob')).toHaveLength(1);
});

it('what counts is what a job is at when it is deleted: one has ended since the list, and one is active', async () => {
  aws = await startAws([
    { jobId: 'ota-0', status: 'SCHEDULED' },
    { jobId: 'ota-1', executions: { queued: 1 } },
  ]);
  afterList(() => aws.iot.finishExecutions('ota-1'));
  const { code, stdout, stderr } = await run(aws, 'sweep', ['--job-id-prefix', 'ota-', '--yes']);
  expect(stdout).toContain('ota-1 IN_PROGRESS');
  expect(code).toBe(1);
  expect(stderr).toContain('1 of 2 jobs deleted. Job "ota-0" is SCHEDULED, and force is false.');
  expect(ids()).toEqual(['ota-0']);
});

it("a namespace of AWS's own is refused by name, without an order", async () => {
  aws = await startAws([{ jobId: 'gg', status: 'COMPLETED', namespaceId: 'aws-greengrass' }]);
  const { code, stderr } = await run(aws, 'delete-job', ['--job-id', 'gg', '--force']);
  expect([code, stderr]).toEqual([1, expect.stringContaining('belongs to AWS (namespace "aws-greengrass")')]);
  const swept = await run(aws, 'sweep', ['--job-id-prefix', 'gg', '--yes', '--force', '--cancel-first']);
  expect(swept.code).toBe(1);
  expect(aws.iot.calls.filter(({ operation }) => /Delete|Cancel/.test(operation))).toEqual([]);
});

it('another namespace is named', async () => {
  aws = await startAws([{ jobId: 'ota-0', status: 'COMPLETED', namespaceId: 'edge' }]);
  const { code, stderr } = await run(aws, 'delete-job', ['--job-id', 'ota-0', '--namespace-id', 'ota']);
  expect([code, stderr]).toEqual([1, expect.stringContaining('give --namespace-id edge')]);
  expect(await run(aws, 'delete-job', ['--job-id', 'ota-0', '--namespace-id', 'edge'])).toMatchObject({ code: 0 });
});

it('throttling is retried, and told once', async () => {
  aws = await startAws(jobs(3));
  let refused = 0;
  const throttled = JSON.stringify({ message: 'Rate exceeded' });
  aws.iot.intercept = (operation, _, next) =>
    operation === 'DescribeJob' && refused++ < 4
      ? Promise.resolve({ status: 429, headers: { 'x-amzn-errortype': 'ThrottlingException' }, body: throttled })
      : next();
  const { code, stderr } = await run(aws, 'sweep', ['--job-id-prefix', 'ota-', '--yes']);
  expect(code).toBe(0);
  expect(stderr.match(/is throttled, and is retried/g)).toHaveLength(1);
});

it('--json says each job that is left, and why', async () => {
  aws = await startAws([{ jobId: 'ota-0' }]);
  const { code, stdout } = await run(aws, 'sweep', ['--job-id', 'ota-0', '--job-id', 'ota-0', '--yes', '--json']);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    verdict: 'FAIL',
    account: '123456789012',
    jobs: [{ jobId: 'ota-0', result: 'left', reason: 'is IN_PROGRESS, and force is false' }],
  });
});

it('another region has no such job', async () => {
  aws = await startAws(jobs(1), { regions: ['eu-west-1'] });
  const { code, stderr } = await run(aws, 'delete-job', ['--job-id', 'ota-0', '--region', 'eu-west-1']);
  expect([code, stderr]).toEqual([1, expect.stringContaining('There is no job "ota-0" in eu-west-1')]);
});

const NAMES = ['constructor', 'toString', '__proto__', 'hasOwnProperty'];

it.each(NAMES)('a job may be called %s, which is told to be deleted only where it was there', async (jobId) => {
  aws = await startAws();
  const missing = await run(aws, 'delete-job', ['--job-id', jobId]);
  expect([missing.code, missing.stderr]).toEqual([1, expect.not.stringContaining(': deleted')]);
  aws.iot.createJob({ jobId, status: 'COMPLETED' });
  const { code, stdout } = await run(aws, 'sweep', ['--job-id-prefix', jobId, '--yes', '--json']);
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { jobs: [{ jobId, result: 'deleted' }] }]);
  expect(ids()).toEqual([]);
});

it('a document is printed even where --json is given wrong', async () => {
  aws = await startAws();
  const { code, stdout } = await run(aws, 'delete-job', ['--job-id', 'x', '--json=true']);
  expect([code, JSON.parse(stdout)]).toMatchObject([2, { verdict: 'ERROR' }]);
});
