import type { Job } from '../../../lambda/aws/jobs';
import type { Deletion } from '../../../lambda/deletion/deletion';
import { nextStep, type Step } from '../../../lambda/deletion/next-step';
import { ROLE } from '../world';
import { deletion, job } from './deletion';

const deleteJob: Step = { do: 'DeleteJob', namespaceId: undefined };
const active = (status: string): Step => ({ do: 'give up', because: { kind: 'active', status } });

describe('DescribeJob says … → next', () => {
  test.each<[string, Job, Partial<Deletion>, Step]>([
    ['DELETION_IN_PROGRESS', job('DELETION_IN_PROGRESS'), {}, { do: 'wait', for: { kind: 'in deletion' } }],
    ['COMPLETED', job('COMPLETED'), {}, deleteJob],
    ['CANCELED', job('CANCELED'), {}, deleteJob],
    ['CANCELED with executions in progress', job('CANCELED', { executionsInProgress: 2 }), {}, deleteJob],
    ['IN_PROGRESS and force', job('IN_PROGRESS'), { force: true }, deleteJob],
    ['SCHEDULED and force', job('SCHEDULED'), { force: true }, deleteJob],
    ['IN_PROGRESS, force and cancelFirst', job('IN_PROGRESS'), { force: true, cancelFirst: true }, { do: 'CancelJob' }],
    ['SCHEDULED, force and cancelFirst', job('SCHEDULED'), { force: true, cancelFirst: true }, { do: 'CancelJob' }],
    ['IN_PROGRESS, no force, cancelFirst', job('IN_PROGRESS'), { cancelFirst: true }, { do: 'CancelJob' }],
    ['SCHEDULED, no force, cancelFirst', job('SCHEDULED'), { cancelFirst: true }, { do: 'CancelJob' }],
    [
      'CANCELED after cancelFirst, executions still in progress',
      job('CANCELED', { executionsInProgress: 2 }),
      { cancelFirst: true },
      { do: 'wait', for: { kind: 'executions in progress', count: 2 } },
    ],
    ['CANCELED after cancelFirst, none in progress', job('CANCELED'), { cancelFirst: true }, deleteJob],
    [
      'CANCELED after cancelFirst with force, which spares none',
      job('CANCELED', { executionsInProgress: 2 }),
      { cancelFirst: true, force: true },
      deleteJob,
    ],
    ['IN_PROGRESS, neither', job('IN_PROGRESS'), {}, active('IN_PROGRESS')],
    ['SCHEDULED, neither', job('SCHEDULED'), {}, active('SCHEDULED')],
    [
      'CANCELED after cancelFirst with force, and its devices are being told',
      job('CANCELED', { isConcurrent: true }),
      { cancelFirst: true, force: true },
      { do: 'wait', for: { kind: 'cancellation in progress' } },
    ],
    [
      'CANCELED by somebody else, and its devices are being told',
      job('CANCELED', { isConcurrent: true }),
      {},
      deleteJob,
    ],
    [
      'a status of the future',
      job('ARCHIVED'),
      { force: true },
      { do: 'wait', for: { kind: 'status', status: 'ARCHIVED' } },
    ],
  ])('%s', (_row, seen, ordered, step) => {
    expect(nextStep(deletion(ordered), seen, ['*'])).toEqual(step);
  });
});

describe('namespaces', () => {
  const inEdge = job('COMPLETED', { namespaceId: 'edge' });
  test('left out: the one that DescribeJob reports is sent', () => {
    expect(nextStep(deletion(), inEdge, ['*'])).toEqual({ do: 'DeleteJob', namespaceId: 'edge' });
  });
  test('given, and the same', () => {
    expect(nextStep(deletion({ namespaceId: 'edge' }), inEdge, ['*'])).toEqual({
      do: 'DeleteJob',
      namespaceId: 'edge',
    });
  });
  test('given, and different from what the job reports', () => {
    const step = nextStep(deletion({ namespaceId: 'core' }), inEdge, ['*']);
    expect(step).toEqual({ do: 'give up', because: { kind: 'other namespace', actual: 'edge' } });
  });
  test('given, and the job reports none: sent as given', () => {
    const step = nextStep(deletion({ namespaceId: 'edge' }), job('COMPLETED'), ['*']);
    expect(step).toEqual({ do: 'DeleteJob', namespaceId: 'edge' });
  });
  test.each(['SCHEDULED', 'IN_PROGRESS', 'CANCELED', 'COMPLETED'])("AWS's own, and %s: no order", (status) => {
    const namespaceId = 'aws-greengrass-deployment';
    for (const ordered of [{}, { force: true }, { cancelFirst: true }, { namespaceId }]) {
      expect(nextStep(deletion(ordered), job(status, { namespaceId }), ['*'])).toEqual({
        do: 'give up',
        because: { kind: 'reserved', namespaceId },
      });
    }
  });
});

describe('a job as a list shows it, without what DescribeJob alone knows', () => {
  const listed = (status: string): Job => ({ ...job(status), details: undefined });
  const next = (ordered: Partial<Deletion>, status = 'COMPLETED', patterns = ['*']): Step =>
    nextStep(deletion(ordered), listed(status), patterns);
  const selection = { filter: { namespaceId: 'edge' } };

  test('may wait for a slot', () => {
    expect(next({ selection, target: undefined })).toMatchObject({ do: 'DeleteJob' });
    expect(next({ selection, target: undefined, force: true }, 'IN_PROGRESS')).toMatchObject({ do: 'DeleteJob' });
  });
  test.each([{ cancelFirst: true, force: true }, {}])(
    'whatever else is to be done with it, it is described first (%j)',
    (ordered) => {
      expect(next({ selection, target: undefined, ...ordered }, 'SCHEDULED')).toEqual({ do: 'DescribeJob' });
    },
  );

  describe("outside the provider's patterns", () => {
    const outside = { do: 'give up', because: { kind: 'outside patterns', patterns: ['ota-*'] } };
    test('left alone, if nobody named it', () => {
      expect(next({ selection, target: undefined }, 'COMPLETED', ['ota-*'])).toEqual(outside);
    });
    test('deleted, if it is named: IAM decides', () => {
      expect(next({}, 'COMPLETED', ['ota-*'])).toMatchObject({ do: 'DeleteJob' });
    });
    test('left alone as a role of another account, where no policy of ours decides', () => {
      const place = { assumeRole: { roleArn: ROLE } };
      expect(next({ place }, 'COMPLETED', ['ota-*'])).toEqual(outside);
      expect(next({ place }, 'COMPLETED', ['job-*'])).toMatchObject({ do: 'DeleteJob' });
    });
  });
});
