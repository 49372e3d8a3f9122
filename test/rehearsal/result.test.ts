import type { StackEvent } from '../../local';
import { conclude, type DeletionResult, type Operation, table } from '../../rehearsal/result';

const destroy: Operation = {
  name: 'destroy',
  expected: 'DELETE_COMPLETE',
  status: 'DELETE_COMPLETE',
  startedAt: 1_000,
  endedAt: 20_000,
};
const call = { accessKeyId: 'k', requestId: 'r', outcome: 'ok', jobId: 'a' };

test('a row for each life of a job id, and the table shows it', () => {
  const { jobs, verdict, reason } = conclude({
    operations: [destroy],
    checks: [{ what: 'a was deleted', holds: true }],
    events: [],
    histories: [
      {
        jobId: 'a',
        createdAt: 0,
        slotRefusals: 1,
        firstRefusedForSlotAt: 2_000,
        deletionStartedAt: 4_500,
        deletedAt: 6_000,
      },
      { jobId: 'a', createdAt: 7_000, slotRefusals: 0 },
    ],
    calls: [
      { ...call, operation: 'DescribeJob', time: 1_500 },
      { ...call, operation: 'DeleteJob', time: 2_000, outcome: 'LimitExceededException' },
      { ...call, operation: 'DeleteJob', time: 4_500 },
      { ...call, operation: 'DescribeJob', time: 8_000 },
    ],
  });
  expect(verdict).toBe('PASS');
  expect(reason).toBe('1 job deleted and 1 kept, as expected.');
  expect(table(jobs)).toBe(
    [
      'job   how it ended       in deletion   waited   DeleteJob   DescribeJob',
      '---   ----------------   -----------   ------   ---------   -----------',
      'a     deleted: destroy         1.5 s    3.0 s           2             1',
      'a     kept                         -        -           0             1',
    ].join('\n'),
  );
});

test.each([
  [0, 0, '0 jobs deleted.'],
  [0, 2, '0 jobs deleted and 2 kept, as expected.'],
  [1, 0, '1 job deleted.'],
  [2, 1, '2 jobs deleted and 1 kept, as expected.'],
])('%i gone and %i alive: %s', (gone, alive, expected) => {
  const living = { jobId: 'a', createdAt: 0, slotRefusals: 0 };
  const histories = [
    ...Array.from({ length: gone }, () => ({ ...living, deletionStartedAt: 2_000, deletedAt: 3_000 })),
    ...Array.from({ length: alive }, () => living),
  ];
  expect(conclude({ operations: [destroy], checks: [], events: [], histories, calls: [] }).reason).toBe(expected);
});

test('what the deletion waited is counted from the moment in which CloudFormation turned to the resource', () => {
  const event = { eventId: '', stackId: '', stackName: 'S', logicalId: 'A', type: 'Custom::IoTJobDeletion' };
  const { jobs } = conclude({
    operations: [destroy],
    checks: [],
    events: [
      { ...event, physicalId: 'a', status: 'DELETE_IN_PROGRESS', time: new Date(500) },
      { ...event, physicalId: 'a', status: 'DELETE_IN_PROGRESS', time: new Date(1_200) },
      { ...event, physicalId: 'b', status: 'DELETE_IN_PROGRESS', time: new Date(1_300) },
      { ...event, physicalId: 'a', status: 'DELETE_COMPLETE', time: new Date(1_400) },
    ],
    histories: [{ jobId: 'a', createdAt: 0, slotRefusals: 0, deletionStartedAt: 4_500, deletedAt: 6_000 }],
    calls: [{ ...call, operation: 'DescribeJob', time: 2_000 }],
  });
  expect(jobs[0]!.waited).toBe(3_300);
});

test('a job elsewhere is another one than that of the same id here: its own calls, its own waiting, its place by name', () => {
  const event = { eventId: '', stackId: '', stackName: 'S', logicalId: 'A', type: 'Custom::IoTJobDeletion' };
  const asked = (physicalId: string, time: number): StackEvent => ({
    ...event,
    physicalId,
    status: 'DELETE_IN_PROGRESS',
    time: new Date(time),
  });
  const history = { jobId: 'a', createdAt: 0, slotRefusals: 0, deletionStartedAt: 4_500, deletedAt: 6_000 };
  const place = '222222222222/eu-west-1';
  const { jobs } = conclude({
    operations: [destroy],
    checks: [],
    events: [asked('a', 1_500), asked('arn:aws:iot:eu-west-1:222222222222:job/a', 2_500)],
    histories: [history, { ...history, createdAt: 1, place }],
    calls: [
      { ...call, operation: 'DeleteJob', time: 4_000 },
      { ...call, operation: 'DeleteJob', time: 4_500 },
      { ...call, operation: 'DeleteJob', time: 4_500, place },
    ],
  });
  expect(jobs.map((job) => [job.place, job.waited, job.deleteJobCalls])).toEqual([
    [undefined, 3_000, 2],
    [place, 2_000, 1],
  ]);
  expect(table(jobs)).toMatch(/^a +deleted.*\na in 222222222222\/eu-west-1 +deleted/m);
});

const deletion: DeletionResult = {
  stack: 'S',
  account: '111111111111',
  region: 'eu-west-1',
  logicalId: 'A',
  path: 'S/Teardown',
  kind: 'JobDeletion',
  selects: { JobId: 'a' },
  result: 'PASS',
  reason: '1 job deleted',
  jobs: ['a'],
  stubbed: [],
};
const nothing = { operations: [destroy], checks: [], events: [], histories: [], calls: [] };

test.each<[string, string, string, Partial<Parameters<typeof conclude>[0]>, readonly DeletionResult[]]>([
  [
    'FAIL',
    'an operation ended otherwise',
    'destroy: DELETE_FAILED: no slot.',
    { operations: [{ ...destroy, status: 'DELETE_FAILED', reason: 'no slot' }] },
    [deletion],
  ],
  ['FAIL', 'a check', 'b was deleted.', { checks: [{ what: 'b was deleted', holds: false }] }, [deletion]],
  [
    'FAIL',
    'a deletion',
    'S/Teardown: a was not deleted.',
    {},
    [{ ...deletion, result: 'FAIL', reason: 'a was not deleted' }],
  ],
  [
    'NOT_TESTED',
    'one without evidence',
    'S/Teardown: no job.',
    {},
    [deletion, { ...deletion, result: 'NOT_TESTED', reason: 'no job' }],
  ],
  [
    'NOT_TESTED',
    'no deletion',
    'No deployed stack has a JobDeletion or a JobSweep: there was nothing to test.',
    {},
    [],
  ],
  ['PASS', 'evidence of every deletion', '0 jobs deleted.', {}, [deletion]],
])('%s: %s', (verdict, _, reason, recording, deletions) => {
  expect(conclude({ ...nothing, ...recording }, deletions)).toMatchObject({ verdict, reason });
});

test('FAIL wins over NOT_TESTED, and a reason that another one repeats is said once', () => {
  const failed = { ...destroy, status: 'DELETE_FAILED', reason: 'Job "a" is active.' };
  const deletions: DeletionResult[] = [
    { ...deletion, result: 'NOT_TESTED', reason: 'its stack was not deployed' },
    { ...deletion, result: 'FAIL', reason: 'Job "a" is active.' },
  ];
  const { verdict, reason } = conclude({ ...nothing, operations: [failed] }, deletions);
  expect([verdict, reason]).toEqual(['FAIL', 'destroy: DELETE_FAILED: Job "a" is active.']);
});
