import type { Deletion } from '../../lambda/decision';
import type { Job } from '../../lambda/jobs';
import { nextStep, type Step } from '../../lambda/next-step';
import { deletion, job } from './world';

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
  test.each([inEdge, job('COMPLETED')])('given, and different from what the job reports (%j)', (seen) => {
    const step = nextStep(deletion({ namespaceId: 'core' }), seen, ['*']);
    expect(step).toEqual({
      do: 'give up',
      because: { kind: 'other namespace', actual: seen.details?.namespaceId },
    });
  });
});

describe('a job as a list shows it, without what DescribeJob alone knows', () => {
  const listed = (status: string): Job => ({ ...job(status), details: undefined });
  const next = (ordered: Partial<Deletion>, status = 'COMPLETED', patterns = ['*']): Step =>
    nextStep(deletion(ordered), listed(status), patterns);
  const filter = { filter: { namespaceId: 'edge' } };

  test('of a namespace that was asked for, it is in it', () => {
    expect(next({ target: filter, namespaceId: 'edge' })).toEqual({ do: 'DeleteJob', namespaceId: 'edge' });
  });
  test('of a named job, the namespace is asked', () => {
    expect(next({ target: { jobs: { 'job-1': 1000 } }, namespaceId: 'edge' })).toEqual({ do: 'DescribeJob' });
  });
  test('of one that was cancelled, whether devices are still at it', () => {
    expect(next({ target: filter, cancelFirst: true }, 'CANCELED')).toEqual({ do: 'DescribeJob' });
  });
  test("outside the provider's patterns: left alone, if nobody named it", () => {
    const outside = { do: 'give up', because: { kind: 'outside patterns', patterns: ['ota-*'] } };
    expect(next({ target: filter }, 'COMPLETED', ['ota-*'])).toEqual(outside);
    expect(next({}, 'COMPLETED', ['ota-*'])).toEqual({ do: 'DeleteJob', namespaceId: undefined });
  });
});
