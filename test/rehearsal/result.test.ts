import type { StackEvent } from '../../local';
import { conclude, type Operation, table } from '../../rehearsal/result';

const destroy: Operation = {
  name: 'destroy',
  expected: 'DELETE_COMPLETE',
  status: 'DELETE_COMPLETE',
  startedAt: 1_000,
  endedAt: 20_000,
};
const call = { accessKeyId: 'k', requestId: 'r', outcome: 'ok', jobId: 'a' };

test('a row for each life of a job id, and the table shows it', () => {
  const { jobs, good, verdict } = conclude({
    operations: [destroy],
    checks: [{ what: 'a is gone', holds: true }],
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
  expect(good).toBe(true);
  expect(verdict).toBe('All is well: 1 job that should be gone is gone, 1 that should live lives.');
  expect(table(jobs)).toBe(
    [
      'job   how it ended       in deletion   waited   DeleteJob   DescribeJob',
      '---   ----------------   -----------   ------   ---------   -----------',
      'a     deleted: destroy         1.5 s    3.0 s           2             1',
      'a     lives                        -        -           0             1',
    ].join('\n'),
  );
});

test.each([
  [0, 0, 'All is well: there was no job.'],
  [0, 2, 'All is well: 0 jobs that should be gone are gone, 2 that should live live.'],
  [1, 0, 'All is well: 1 job that should be gone is gone.'],
  [2, 1, 'All is well: 2 jobs that should be gone are gone, 1 that should live lives.'],
])('%i gone and %i alive: %s', (gone, alive, expected) => {
  const living = { jobId: 'a', createdAt: 0, slotRefusals: 0 };
  const histories = [
    ...Array.from({ length: gone }, () => ({ ...living, deletionStartedAt: 2_000, deletedAt: 3_000 })),
    ...Array.from({ length: alive }, () => living),
  ];
  expect(conclude({ operations: [destroy], checks: [], events: [], histories, calls: [] }).verdict).toBe(expected);
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

test('what is not as it should be makes it bad, and is named', () => {
  const failed = { ...destroy, status: 'DELETE_FAILED', reason: 'no slot' };
  const { good, verdict } = conclude({
    operations: [failed],
    checks: [{ what: 'b lives', holds: false }],
    events: [],
    histories: [],
    calls: [],
  });
  expect(good).toBe(false);
  expect(verdict).toBe('Not well: destroy: DELETE_FAILED (no slot); not so: b lives.');
});
