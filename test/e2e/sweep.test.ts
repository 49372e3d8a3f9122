import { Duration, Stack } from 'aws-cdk-lib';
import { CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import {
  type IJobDeletionProvider,
  JobDeletion,
  JobDeletionProvider,
  JobSelection,
  JobStatus,
  JobSweep,
  type JobSweepProps,
} from '../../lib';
import type { SynthesizedStack } from '../../local/assembly';
import type { LocalAws } from '../../local/aws';
import { effects, failures, startAws, synthesize, takeAllSlots } from './world';

let aws: LocalAws;
let lines: string[];
beforeEach(async () => {
  lines = [];
  aws = await startAws({ log: (_name, line) => lines.push(line) });
});
afterEach(() => aws.close());

const sweeping = (props: JobSweepProps, id = 'Sweep'): SynthesizedStack =>
  synthesize((stack) => void new JobSweep(stack, id, props));
const ota = JobSelection.matching({ jobIdPrefix: 'ota-' });
const ids = (): string[] => aws.iot.jobs().map(({ jobId }) => jobId);
const deleteStack = (): ReturnType<LocalAws['cloudFormation']['deleteStack']> =>
  aws.cloudFormation.deleteStack({ stackName: 'S' });

describe('which jobs go with the stack', () => {
  test('those with the prefix, whatever their state and namespace; nobody else', async () => {
    aws.iot.createJob({ jobId: 'ota-1', status: 'IN_PROGRESS' });
    aws.iot.createJob({ jobId: 'ota-2', status: 'COMPLETED', namespaceId: 'edge' });
    aws.iot.createJob({ jobId: 'ota-3', status: 'DELETION_IN_PROGRESS' });
    aws.iot.createJob({ jobId: 'ota-4', status: 'SCHEDULED' });
    aws.iot.createJob({ jobId: 'other', status: 'COMPLETED' });
    await aws.cloudFormation.createStack(sweeping({ jobs: ota, force: true }));
    expect(effects(aws)).toEqual([]);
    expect((await deleteStack()).status).toBe('DELETE_COMPLETE');
    expect(ids()).toEqual(['other']);
  });

  test('those of a thing group, SCHEDULED ones too, which its list leaves out; and only then the group', async () => {
    const stack = synthesize((stack) => {
      const group = new CfnThingGroup(stack, 'Fleet', { thingGroupName: 'fleet' });
      new JobSweep(stack, 'Sweep', { jobs: JobSelection.targeting(group), force: true });
    });
    await aws.cloudFormation.createStack(stack);
    const targets = [aws.iot.thingGroup('fleet')!.thingGroupArn];
    aws.iot.createJob({ jobId: 'a', status: 'IN_PROGRESS', targets });
    aws.iot.createJob({ jobId: 'b', status: 'SCHEDULED', targets });
    aws.iot.createJob({ jobId: 'c', status: 'SCHEDULED' });
    const { status, events } = await deleteStack();
    expect(status).toBe('DELETE_COMPLETE');
    expect(ids()).toEqual(['c']);
    const ended = events.filter((one) => one.status === 'DELETE_COMPLETE').map(({ type }) => type);
    expect(ended.indexOf('Custom::IoTJobSweep')).toBeLessThan(ended.indexOf('AWS::IoT::ThingGroup'));
  });

  test('every filter narrows', async () => {
    const tags = (app: string): Map<string, string> => new Map([['app', app]]);
    aws.iot.createJob({ jobId: 'ota-1', status: 'COMPLETED', namespaceId: 'edge', tags: tags('ota') });
    aws.iot.createJob({ jobId: 'ota-2', status: 'COMPLETED', namespaceId: 'edge', tags: tags('other') });
    aws.iot.createJob({ jobId: 'ota-3', status: 'IN_PROGRESS', namespaceId: 'edge', tags: tags('ota') });
    aws.iot.createJob({ jobId: 'ota-4', status: 'COMPLETED', namespaceId: 'core', tags: tags('ota') });
    aws.iot.createJob({
      jobId: 'ota-5',
      status: 'COMPLETED',
      targetSelection: 'CONTINUOUS',
      namespaceId: 'edge',
      tags: tags('ota'),
    });
    const jobs = JobSelection.matching({
      jobIdPrefix: 'ota-',
      statuses: [JobStatus.COMPLETED, JobStatus.CANCELED],
      namespaceId: 'edge',
      targetSelection: 'SNAPSHOT' as never,
      tags: { app: 'ota' },
    });
    await aws.cloudFormation.createStack(sweeping({ jobs, force: true }));
    expect((await deleteStack()).status).toBe('DELETE_COMPLETE');
    expect(ids()).toEqual(['ota-2', 'ota-3', 'ota-4', 'ota-5']);
  });

  test('those that are named; of an id that is used again meanwhile, the newer job lives', async () => {
    ['a', 'b', 'c'].forEach((jobId) => aws.iot.createJob({ jobId, status: 'COMPLETED' }));
    const jobs = JobSelection.ids(['a', 'b', 'gone']);
    await aws.cloudFormation.createStack(sweeping({ jobs }));
    let reused = false;
    aws.iot.intercept = (operation, _jobId, next) => {
      if (operation === 'DeleteJob' && !reused) {
        reused = true;
        return next().finally(() => undefined);
      }
      if (reused && !aws.iot.job('a')) {
        aws.iot.createJob({ jobId: 'a', status: 'COMPLETED' });
      }
      return next();
    };
    expect((await deleteStack()).status).toBe('DELETE_COMPLETE');
    expect(ids()).toEqual(['c', 'a']);
    expect(effects(aws)).toEqual(['DeleteJob a: ok', 'DeleteJob b: ok']);
  });

  test('also what appears while the sweep runs', async () => {
    aws.iot.createJob({ jobId: 'ota-1', status: 'COMPLETED' });
    await aws.cloudFormation.createStack(sweeping({ jobs: ota }));
    aws.iot.intercept = (operation, jobId, next) => {
      if (operation === 'DeleteJob' && jobId === 'ota-1') {
        aws.iot.createJob({ jobId: 'ota-late', status: 'COMPLETED' });
      }
      return next();
    };
    expect((await deleteStack()).status).toBe('DELETE_COMPLETE');
    expect(ids()).toEqual([]);
  });
});

describe('ten at a time', () => {
  test('25 jobs: nobody is refused a slot, and each is asked for once', async () => {
    for (let i = 0; i < 25; i++) aws.iot.createJob({ jobId: `ota-${i}`, status: 'IN_PROGRESS' });
    await aws.cloudFormation.createStack(sweeping({ jobs: ota, force: true }));
    expect((await deleteStack()).status).toBe('DELETE_COMPLETE');
    expect(ids()).toEqual([]);
    expect(effects(aws)).toHaveLength(25);
    expect(effects(aws).filter((effect) => !effect.endsWith(': ok'))).toEqual([]);
  });

  test('strangers hold 7 slots: the sweep uses the other 3 and is never refused', async () => {
    for (let i = 0; i < 7; i++) {
      aws.iot.createJob({ jobId: `stranger-${i}`, status: 'DELETION_IN_PROGRESS', deletionTime: 600_000 });
    }
    for (let i = 0; i < 8; i++) {
      aws.iot.createJob({ jobId: `ota-${i}`, status: 'COMPLETED', deletionTime: 3_000 });
    }
    await aws.cloudFormation.createStack(sweeping({ jobs: ota }));
    let most = 0;
    aws.iot.intercept = async (_operation, _jobId, next) => {
      const answer = await next();
      most = Math.max(most, aws.iot.jobsInDeletion().length);
      return answer;
    };
    expect((await deleteStack()).status).toBe('DELETE_COMPLETE');
    expect(most).toBe(10);
    expect(effects(aws).filter((effect) => !effect.endsWith(': ok'))).toEqual([]);
  });
});

describe('cancelFirst', () => {
  test('without force: the devices finish first', async () => {
    aws.iot.createJob({ jobId: 'ota-1', status: 'IN_PROGRESS', executions: { inProgress: 1 } });
    aws.iot.createJob({ jobId: 'ota-2', status: 'IN_PROGRESS', executions: { queued: 1 } });
    await aws.cloudFormation.createStack(sweeping({ jobs: ota, cancelFirst: true }));
    aws.iot.intercept = async (operation, jobId, next) => {
      const answer = await next();
      const isCanceled = aws.iot.job('ota-1')?.status === 'CANCELED';
      if (operation === 'DescribeJob' && jobId === 'ota-1' && isCanceled) aws.iot.finishExecutions('ota-1');
      return answer;
    };
    expect((await deleteStack()).status).toBe('DELETE_COMPLETE');
    expect(effects(aws).slice(0, 2).sort()).toEqual(['CancelJob ota-1: ok', 'CancelJob ota-2: ok']);
    expect(ids()).toEqual([]);
  });
});

describe('what cannot be deleted', () => {
  test('active jobs without force: the others go, and the reason says which are left', async () => {
    for (let i = 0; i < 5; i++) {
      aws.iot.createJob({ jobId: `ota-${i}`, status: 'IN_PROGRESS', executions: { inProgress: 1 } });
    }
    aws.iot.createJob({ jobId: 'ota-done', status: 'COMPLETED' });
    await aws.cloudFormation.createStack(sweeping({ jobs: ota }));
    const { status, events } = await deleteStack();
    expect(status).toBe('DELETE_FAILED');
    expect(failures(events)[0]).toContain(
      '5 of 6 jobs were not deleted. "ota-0", "ota-1", "ota-2" and 2 more are IN_PROGRESS, and force is false. ' +
        'Wait until they end, or cancel each: aws iot cancel-job --job-id <JOB_ID> --region us-east-1. ',
    );
    expect(ids()).not.toContain('ota-done');
    ids().forEach((jobId) => aws.iot.finishExecutions(jobId));
    expect((await deleteStack()).status).toBe('DELETE_COMPLETE');
    expect(ids()).toEqual([]);
  });

  test('more than maxJobs: none is deleted', async () => {
    for (let i = 0; i < 3; i++) aws.iot.createJob({ jobId: `ota-${i}`, status: 'COMPLETED' });
    await aws.cloudFormation.createStack(sweeping({ jobs: ota, maxJobs: 2 }));
    const { status, events } = await deleteStack();
    expect(status).toBe('DELETE_FAILED');
    expect(failures(events)[0]).toContain('At least 3 jobs match, but maxJobs is 2, so none was deleted.');
    expect(effects(aws)).toEqual([]);
  });

  test("AWS's own, in a reserved namespace: reported, and nothing fails for it", async () => {
    aws.iot.createJob({ jobId: 'ota-1', status: 'COMPLETED', namespaceId: 'aws-gg-deployment' });
    aws.iot.createJob({ jobId: 'ota-2', status: 'COMPLETED' });
    await aws.cloudFormation.createStack(sweeping({ jobs: ota }));
    expect((await deleteStack()).status).toBe('DELETE_COMPLETE');
    expect(ids()).toEqual(['ota-1']);
    expect(effects(aws)).toEqual(['DeleteJob ota-2: ok']);
    expect(aws.responses.received.at(-1)!.body).toContain(
      String.raw`Kept: \"ota-1\" belongs to AWS (namespace \"aws-gg-deployment\").`,
    );
  });

  test('the deadline: the reason says what is left, and the next attempt goes on from there', async () => {
    takeAllSlots(aws, 600_000);
    for (let i = 0; i < 4; i++) aws.iot.createJob({ jobId: `ota-${i}`, status: 'COMPLETED' });
    await aws.cloudFormation.createStack(sweeping({ jobs: ota, timeout: Duration.seconds(2) }));
    const { status, events } = await deleteStack();
    expect(status).toBe('DELETE_FAILED');
    expect(failures(events)[0]).toContain(
      '4 of 4 jobs were not deleted. "ota-0", "ota-1", "ota-2" and 1 more got no deletion slot within 2 seconds: ' +
        '10 other jobs were in deletion. Wait until other deletions end: ' +
        'aws iot list-jobs --status DELETION_IN_PROGRESS --region us-east-1. Then delete the stack again.',
    );
  });
});

describe("CloudFormation's order", () => {
  beforeEach(() => {
    ['ota-1', 'ota-2', 'fw-1'].forEach((jobId) => aws.iot.createJob({ jobId, status: 'COMPLETED' }));
  });

  test('another selection: what is selected no more goes in the clean-up, what is still selected lives', async () => {
    await aws.cloudFormation.createStack(sweeping({ jobs: JobSelection.ids(['ota-1', 'fw-1']) }));
    const { status } = await aws.cloudFormation.updateStack(sweeping({ jobs: JobSelection.ids(['ota-1', 'ota-2']) }));
    expect(status).toBe('UPDATE_COMPLETE');
    expect(ids()).toEqual(['ota-1', 'ota-2']);
  });

  test('a narrower filter keeps what it still selects', async () => {
    await aws.cloudFormation.createStack(sweeping({ jobs: ota }));
    await aws.cloudFormation.updateStack(sweeping({ jobs: JobSelection.matching({ jobIdPrefix: 'ota-1' }) }));
    expect(ids()).toEqual(['ota-1', 'fw-1']);
  });

  test('renaming the construct deletes nothing', async () => {
    await aws.cloudFormation.createStack(sweeping({ jobs: ota }));
    const { status } = await aws.cloudFormation.updateStack(sweeping({ jobs: ota }, 'Renamed'));
    expect(status).toBe('UPDATE_COMPLETE');
    expect(effects(aws)).toEqual([]);
    expect((await deleteStack()).status).toBe('DELETE_COMPLETE');
    expect(ids()).toEqual(['fw-1']);
  });

  test('renaming one with a long list deletes nothing either', async () => {
    const jobs = JobSelection.ids([
      'ota-1',
      ...Array.from({ length: 40 }, (_, i) => `a-job-with-quite-a-long-name-${i}`),
    ]);
    await aws.cloudFormation.createStack(sweeping({ jobs }));
    await aws.cloudFormation.updateStack(sweeping({ jobs }, 'Renamed'));
    expect(effects(aws)).toEqual([]);
  });

  test('a JobDeletion that a sweep replaces leaves its job to the sweep', async () => {
    const single = synthesize((stack) => void new JobDeletion(stack, 'One', { jobId: 'ota-1' }));
    await aws.cloudFormation.createStack(single);
    await aws.cloudFormation.updateStack(sweeping({ jobs: ota }));
    expect(effects(aws)).toEqual([]);
  });

  test('a changed revision deletes what is selected now; a rollback deletes nothing', async () => {
    await aws.cloudFormation.createStack(sweeping({ jobs: ota, revision: '1' }));
    const { status } = await aws.cloudFormation.updateStack(sweeping({ jobs: ota, revision: '2' }));
    expect(status).toBe('UPDATE_COMPLETE');
    expect(ids()).toEqual(['fw-1']);
  });
});

test('what came of it: one line, and metrics of the function and of the sweep', async () => {
  ['a', 'b'].forEach((jobId) => aws.iot.createJob({ jobId, status: 'COMPLETED' }));
  await aws.cloudFormation.createStack(sweeping({ jobs: JobSelection.ids(['a', 'b', 'c']) }));
  await deleteStack();
  const line = lines.find((each) => each.includes('CloudWatchMetrics'))!;
  const { LogicalId } = JSON.parse(line) as { LogicalId: string };
  expect(JSON.parse(line)).toMatchObject({
    message: 'done',
    StackName: 'S',
    JobsFound: 2,
    JobsDeleted: 2,
    JobsKept: 0,
    FailedDeletions: 0,
    _aws: {
      CloudWatchMetrics: [
        {
          Namespace: 'IoTJobDeletion',
          Dimensions: [['Function'], ['StackName', 'LogicalId']],
          Metrics: expect.arrayContaining([{ Name: 'JobsDeleted', Unit: 'Count' }]) as unknown,
        },
      ],
    },
  });
  expect(LogicalId).toMatch(/^Sweep/);

  // What the constructs offer is what the handler writes.
  const stack = new Stack();
  const provider = new JobDeletionProvider(stack, 'Provider');
  const sweep = new JobSweep(stack, 'Sweep', { jobs: ota, provider });
  for (const [{ namespace, dimensions }, metrics] of [
    [sweep.metricJobsDeleted(), metricsOf(sweep)],
    [provider.metricJobsDeleted(), metricsOf(provider)],
  ] as const) {
    const [emitted] = (JSON.parse(line) as { _aws: { CloudWatchMetrics: EmbeddedMetrics[] } })._aws.CloudWatchMetrics;
    expect(namespace).toBe(emitted!.Namespace);
    expect(emitted!.Dimensions).toContainEqual(Object.keys(dimensions!));
    expect(emitted!.Metrics.map(({ Name }) => Name)).toEqual(expect.arrayContaining(metrics));
  }
});

interface EmbeddedMetrics {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string }[];
}

/** The names of all metrics that a construct offers. */
function metricsOf(construct: JobSweep | IJobDeletionProvider): readonly string[] {
  return [
    construct.metricDeletionTime(),
    construct.metricFailedDeletions(),
    construct.metricJobsDeleted(),
    construct.metricJobsKept(),
    construct.metricWaitForSlot(),
  ].map(({ metricName }) => metricName);
}

test('other regions and accounts: what the provider declares, and nothing else', () => {
  expect(() =>
    synthesize((stack) => {
      const provider = new JobDeletionProvider(stack, 'Mine', { regions: ['eu-west-1'] });
      new JobSweep(stack, 'Sweep', { jobs: ota, provider, region: 'eu-west-2' });
    }),
  ).toThrow('S/Sweep: region "eu-west-2" is not one of the provider S/Mine: add it to its regions (eu-west-1).');
});
