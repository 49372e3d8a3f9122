import type { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { isRollingBack, isUpdating, Stacks } from '../../lambda/stacks';
import { failureOf } from './world';

let now: number;
let stacks: Record<string, { StackStatus?: string; ParentId?: string }>;
let calls: string[];
let subject: Stacks;
beforeEach(() => {
  now = 0;
  calls = [];
  const send = ({ input: { StackName } }: DescribeStacksCommand): Promise<object> => {
    calls.push(StackName!);
    return Promise.resolve({ Stacks: stacks[StackName!] && [stacks[StackName!]] });
  };
  const clock = { now: () => now, sleep: () => Promise.resolve(), random: () => 0 };
  subject = new Stacks({ send } as unknown as CloudFormationClient, clock);
});

test("the stack's own status, then its parents', up to the root", async () => {
  stacks = {
    child: { StackStatus: 'DELETE_IN_PROGRESS', ParentId: 'parent' },
    parent: { StackStatus: 'DELETE_IN_PROGRESS', ParentId: 'root' },
    root: { StackStatus: 'ROLLBACK_IN_PROGRESS' },
  };
  expect(await subject.statuses('child')).toEqual(['DELETE_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS']);
});

test.each<typeof stacks>([{}, { s: {} }])('an answer without a status decides nothing (%j)', async (answer) => {
  stacks = answer;
  expect((await failureOf(subject.statuses('s'))).message).toBe('DescribeStacks answered without the status of s');
});

describe('on Delete', () => {
  test('that the stack is being deleted is remembered for five seconds', async () => {
    stacks = { s: { StackStatus: 'DELETE_IN_PROGRESS' } };
    await subject.statusesOnDelete('s');
    now = 4_999;
    await subject.statusesOnDelete('s');
    expect(calls).toHaveLength(1);
    now = 5_000;
    await subject.statusesOnDelete('s');
    expect(calls).toHaveLength(2);
  });

  test.each([
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'],
    ['ROLLBACK_IN_PROGRESS', 'DELETE_IN_PROGRESS'],
  ])('%s is not: what comes next may be %s', async (before, after) => {
    stacks = { s: { StackStatus: before } };
    expect(await subject.statusesOnDelete('s')).toEqual([before]);
    stacks = { s: { StackStatus: after } };
    expect(await subject.statusesOnDelete('s')).toEqual([after]);
  });

  test('nor that a nested stack is being deleted by a parent that rolls back', async () => {
    stacks = { s: { StackStatus: 'DELETE_IN_PROGRESS', ParentId: 'p' }, p: { StackStatus: 'ROLLBACK_IN_PROGRESS' } };
    await subject.statusesOnDelete('s');
    await subject.statusesOnDelete('s');
    expect(calls).toEqual(['s', 'p', 's', 'p']);
  });
});

test.each([
  [['DELETE_IN_PROGRESS'], false, false],
  [['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'], false, false],
  [['UPDATE_IN_PROGRESS'], false, true],
  [['UPDATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS'], false, true],
  [['UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS'], true, false],
  [['ROLLBACK_COMPLETE'], true, false],
  [['DELETE_IN_PROGRESS', 'ROLLBACK_FAILED'], true, false],
  [['DELETE_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE'], false, false],
])('%j: rolling back %s, updating %s', (statuses, rollingBack, updating) => {
  expect([isRollingBack(statuses), isUpdating(statuses)]).toEqual([rollingBack, updating]);
});
