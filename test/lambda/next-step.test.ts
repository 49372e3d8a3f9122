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
