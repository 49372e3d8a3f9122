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

describe('the resources of a stack that delete jobs', () => {
  const resources = (...pages: object[]): Stacks => {
    const send = (): Promise<object> => Promise.resolve(pages.shift()!);
    const clock = { now: () => 0, sleep: () => Promise.resolve(), random: () => 0 };
    return new Stacks({ send } as unknown as CloudFormationClient, clock);
  };
  const one = (LogicalResourceId: string, ResourceType: string, rest: object): object => ({
    LogicalResourceId,
    PhysicalResourceId: LogicalResourceId.toLowerCase(),
    ResourceType,
    ResourceStatus: 'CREATE_COMPLETE',
    ...rest,
  });

  test('of every page; not what is on its way out, was never made, or does something else', async () => {
    const first = [one('A', 'Custom::IoTJobDeletion', {}), one('B', 'AWS::IoT::Thing', {})];
    const second = [
      one('C', 'Custom::IoTJobSweep', { ResourceStatus: 'UPDATE_COMPLETE' }),
      one('D', 'Custom::IoTJobSweep', { ResourceStatus: 'DELETE_IN_PROGRESS' }),
      one('E', 'Custom::IoTJobDeletion', { PhysicalResourceId: undefined }),
    ];
    const stack = resources({ StackResourceSummaries: first, NextToken: 'more' }, { StackResourceSummaries: second });
    expect(await stack.liveResources('s')).toEqual([
      { logicalId: 'A', physicalId: 'a' },
      { logicalId: 'C', physicalId: 'c' },
    ]);
  });

  test('an answer without any decides nothing', async () => {
    expect((await failureOf(resources({}).liveResources('s'))).message).toBe(
      'ListStackResources answered without the resources of s',
    );
  });
});
