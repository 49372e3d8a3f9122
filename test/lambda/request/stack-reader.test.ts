import { CloudFormationServiceException, type CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { Stacks, type StackResource } from '../../../lambda/aws/stacks';
import { Calls } from '../../../lambda/deletion/calls';
import { Paces } from '../../../lambda/deletion/pace';
import { Patience } from '../../../lambda/deletion/patience';
import {
  type Reading,
  type StackInChain,
  StackMemory,
  StackReader,
  statusesOf,
} from '../../../lambda/request/stack-reader';
import { JumpingClock } from '../../local/jumping-clock';
import { awsError } from '../aws-error';

let clock: JumpingClock & { random: () => number };
let calls: string[];
let memory: StackMemory;
let stacks: Record<string, { StackStatus?: string; ParentId?: string; LastOperations?: object[] }>;
let pages: (object | Error)[];
beforeEach(() => {
  clock = Object.assign(new JumpingClock(), { random: () => 0.5 });
  memory = new StackMemory();
  calls = [];
  pages = [];
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => jest.restoreAllMocks());

/** A reader for one event: what was read before, by an earlier look, and how long it may go on. */
function reader(reading: Reading = {}, time = 60_000): StackReader {
  const send = ({
    constructor: { name },
    input,
  }: {
    constructor: { name: string };
    input: Record<string, string>;
  }): Promise<object> => {
    calls.push([name.replace('Command', ''), input.StackName, input.NextToken].filter(Boolean).join(' '));
    if (name !== 'DescribeStacksCommand') {
      const page = pages.shift()!;
      return page instanceof Error ? Promise.reject(page) : Promise.resolve(page);
    }
    const stack = stacks[input.StackName!];
    return stack
      ? Promise.resolve({ Stacks: [stack] })
      : Promise.reject(
          new CloudFormationServiceException({
            name: 'ValidationError',
            message: `Stack with id ${input.StackName} does not exist`,
            $fault: 'client',
            $metadata: { httpStatusCode: 400 },
          }),
        );
  };
  const call = (action: string): { action: string; resource: string; role: string } => ({
    action,
    resource: 's',
    role: 'r',
  });
  const options = {
    clock,
    paces: new Paces(clock),
    patience: new Patience(),
    call,
    advice: '',
    isPatient: true,
    until: clock.now() + time,
  };
  return new StackReader(
    new Stacks({ send } as unknown as CloudFormationClient),
    new Calls(options),
    clock,
    memory,
    reading,
  );
}

const wait = (milliseconds: number): Promise<void> => clock.sleep(milliseconds);

describe('the chain of stacks', () => {
  test("the stack's own status, then its parents', up to the root", async () => {
    stacks = {
      child: { StackStatus: 'DELETE_IN_PROGRESS', ParentId: 'parent' },
      parent: { StackStatus: 'DELETE_IN_PROGRESS', ParentId: 'root' },
      root: { StackStatus: 'ROLLBACK_IN_PROGRESS' },
    };
    expect(statusesOf(await reader().chain('child'))).toEqual([
      'DELETE_IN_PROGRESS',
      'DELETE_IN_PROGRESS',
      'ROLLBACK_IN_PROGRESS',
    ]);
  });

  test('a stack that CloudFormation does not know has no status', async () => {
    stacks = {};
    expect(await reader().chain('s')).toEqual([{ stackId: 's', state: undefined }]);
  });

  test('an answer without a status decides nothing', async () => {
    stacks = { s: {} };
    await expect(reader().chain('s')).rejects.toMatchObject({
      obstacle: { said: 'TypeError: DescribeStacks answered without the status of s' },
    });
  });
});

describe('on Delete', () => {
  test('that the stack is being deleted is remembered for five seconds', async () => {
    stacks = { s: { StackStatus: 'DELETE_IN_PROGRESS' } };
    await reader().chainOnDelete('s');
    await wait(4_999);
    await reader().chainOnDelete('s');
    expect(calls).toHaveLength(1);
    await wait(1);
    await reader().chainOnDelete('s');
    expect(calls).toHaveLength(2);
  });

  test.each([
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'],
    ['ROLLBACK_IN_PROGRESS', 'DELETE_IN_PROGRESS'],
  ])('%s is not: what comes next may be %s', async (before, after) => {
    stacks = { s: { StackStatus: before } };
    expect(statusesOf(await reader().chainOnDelete('s'))).toEqual([before]);
    stacks = { s: { StackStatus: after } };
    expect(statusesOf(await reader().chainOnDelete('s'))).toEqual([after]);
  });

  test('nor that a nested stack is being deleted by a parent that rolls back', async () => {
    stacks = { s: { StackStatus: 'DELETE_IN_PROGRESS', ParentId: 'p' }, p: { StackStatus: 'ROLLBACK_IN_PROGRESS' } };
    await reader().chainOnDelete('s');
    await reader().chainOnDelete('s');
    expect(calls).toHaveLength(4);
  });
});

describe('whether a stack was ever deployed', () => {
  const events = (...statuses: string[]): object[] =>
    statuses.map((ResourceStatus) => ({ PhysicalResourceId: 's', ResourceStatus }));

  test.each([
    [['DELETE_IN_PROGRESS', 'CREATE_COMPLETE', 'CREATE_IN_PROGRESS'], true],
    [['DELETE_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE'], true],
    [['DELETE_IN_PROGRESS', 'IMPORT_COMPLETE', 'IMPORT_IN_PROGRESS', 'REVIEW_IN_PROGRESS'], true],
    [['DELETE_IN_PROGRESS', 'ROLLBACK_FAILED', 'ROLLBACK_IN_PROGRESS', 'CREATE_IN_PROGRESS'], false],
    [['DELETE_IN_PROGRESS', 'CREATE_FAILED', 'CREATE_IN_PROGRESS', 'REVIEW_IN_PROGRESS'], false],
    [['DELETE_IN_PROGRESS', 'UPDATE_FAILED', 'UPDATE_IN_PROGRESS', 'CREATE_FAILED', 'CREATE_IN_PROGRESS'], false],
    [['DELETE_IN_PROGRESS', 'CREATE_IN_PROGRESS'], false],
    // Forgotten after 90 days: no evidence is no rollback.
    [['DELETE_IN_PROGRESS'], true],
    [['DELETE_IN_PROGRESS', 'DELETE_FAILED', 'DELETE_IN_PROGRESS'], true],
  ])('%j: %s', async (statuses, deployed) => {
    pages = [{ StackEvents: events(...statuses) }];
    expect(await reader().wasDeployed('s')).toBe(deployed);
  });

  test("events of the stack's resources, nested stacks among them, say nothing", async () => {
    const other = { PhysicalResourceId: 'nested', ResourceStatus: 'CREATE_COMPLETE' };
    pages = [{ StackEvents: [other, ...events('CREATE_IN_PROGRESS')] }];
    expect(await reader().wasDeployed('s')).toBe(false);
  });

  test('page by page, and no further than the answer; that it was is remembered', async () => {
    pages = [
      { StackEvents: events('DELETE_IN_PROGRESS'), NextToken: '2' },
      { StackEvents: events('UPDATE_COMPLETE'), NextToken: '3' },
    ];
    expect(await reader().wasDeployed('s')).toBe(true);
    expect(calls).toEqual(['DescribeStackEvents s', 'DescribeStackEvents s 2']);
    expect(await reader().wasDeployed('s')).toBe(true);
    expect(calls).toHaveLength(2);
  });

  test('what could not be read is read on from its page in the next look', async () => {
    const reading: Reading = {};
    pages = [
      { StackEvents: events('DELETE_IN_PROGRESS'), NextToken: '2' },
      ...Array.from({ length: 20 }, () => awsError('Throttling', 400)),
    ];
    await expect(reader(reading, 3_000).wasDeployed('s')).rejects.toThrow('not answered in time');
    pages = [{ StackEvents: events('CREATE_IN_PROGRESS') }];
    calls = [];
    expect(await reader(JSON.parse(JSON.stringify(reading)) as Reading).wasDeployed('s')).toBe(false);
    expect(calls).toEqual(['DescribeStackEvents s 2']);
  });

  test('an answer without any decides nothing', async () => {
    pages = [{}, { StackEvents: events('CREATE_IN_PROGRESS') }];
    expect(await reader().wasDeployed('s')).toBe(false);
  });
});

describe('since when a stack has had its status', () => {
  const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
  const event = (ResourceStatus: string, second: number, PhysicalResourceId = 's'): object => ({
    PhysicalResourceId,
    ResourceStatus,
    Timestamp: at(second),
  });
  const deleting = (operation?: string): StackInChain => ({
    stackId: 's',
    state: { status: 'DELETE_IN_PROGRESS', operation },
  });

  test('its newest own event tells, on whatever page that is; for one operation it is remembered', async () => {
    pages = [
      { StackEvents: [event('DELETE_IN_PROGRESS', 3, 'job')], NextToken: '2' },
      { StackEvents: [event('DELETE_IN_PROGRESS', 2), event('CREATE_COMPLETE', 1)] },
    ];
    expect(await reader().statusSince(deleting('operation-1'))).toBe(at(2).getTime());
    expect(await reader().statusSince(deleting('operation-1'))).toBe(at(2).getTime());
    expect(calls).toHaveLength(2);
    pages = [{ StackEvents: [event('DELETE_IN_PROGRESS', 9)] }];
    expect(await reader().statusSince(deleting('operation-2'))).toBe(at(9).getTime());
  });

  test('what was read for whether it was deployed need not be read again', async () => {
    pages = [{ StackEvents: [event('DELETE_IN_PROGRESS', 2), event('CREATE_COMPLETE', 1)] }];
    const one = reader();
    await one.wasDeployed('s');
    expect(await one.statusSince(deleting())).toBe(at(2).getTime());
    expect(calls).toHaveLength(1);
  });

  test.each([[[]], [[event('UPDATE_COMPLETE', 1)]]])('%j: nothing is known', async (StackEvents) => {
    pages = [{ StackEvents }];
    stacks = { s: { StackStatus: 'DELETE_IN_PROGRESS' } };
    expect(await reader().statusSince(deleting())).toBeUndefined();
  });

  test('another one by now, so that nothing of it is to be believed any more', async () => {
    stacks = { s: { StackStatus: 'DELETE_IN_PROGRESS' } };
    const reading: Reading = {};
    const one = reader(reading);
    const [before] = await one.chainOnDelete('s');
    stacks = { s: { StackStatus: 'DELETE_FAILED' } };
    pages = [{ StackEvents: [event('DELETE_FAILED', 2), event('DELETE_IN_PROGRESS', 1)] }];
    expect(await one.statusSince(before!)).toBe('changed');
    expect(statusesOf(await one.chainOnDelete('s'))).toEqual(['DELETE_FAILED']);
    expect(reading.newest).toBeUndefined();
  });
});

describe('the resources of a stack that have jobs', () => {
  const one = (LogicalResourceId: string, ResourceType: string, rest: object = {}): object => ({
    LogicalResourceId,
    PhysicalResourceId: LogicalResourceId.toLowerCase(),
    ResourceType,
    ResourceStatus: 'CREATE_COMPLETE',
    ...rest,
  });
  const first = [one('A', 'Custom::IoTJobDeletion'), one('B', 'AWS::IoT::Thing'), one('F', 'AWS::IoT::Job')];
  const second = [
    one('C', 'Custom::IoTJobSweep', { ResourceStatus: 'DELETE_IN_PROGRESS' }),
    one('E', 'Custom::IoTJobDeletion', { PhysicalResourceId: undefined }),
    one('G', 'AWS::IoT::OTAUpdate'),
  ];
  const all = ['A', 'F', 'C', 'G'];
  const twoPages = (): object[] => [
    { StackResourceSummaries: first, NextToken: 'more' },
    { StackResourceSummaries: second },
  ];
  const stack = (operation?: string, status = 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS') => ({
    stackId: 's',
    state: { status, operation },
  });
  const never = { since: Infinity, isEnough: (): boolean => false };
  const idsOf = (resources: readonly StackResource[]): string[] => resources.map(({ logicalId }) => logicalId);

  test('of every page; not what was never made, or has no jobs', async () => {
    pages = twoPages();
    expect(idsOf(await reader().resources([stack()], never))).toEqual(all);
  });

  test('of the stacks around and nested in them, which are there to stay; each once', async () => {
    const nested = (id: string, status = 'UPDATE_COMPLETE'): object =>
      one(id, 'AWS::CloudFormation::Stack', { PhysicalResourceId: id, ResourceStatus: status });
    const root = { stackId: 'root', state: { status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', operation: 'o1' } };
    pages = [
      { StackResourceSummaries: [one('A', 'Custom::IoTJobDeletion')] },
      { StackResourceSummaries: [nested('s'), nested('sibling')], NextToken: 'more' },
      { StackResourceSummaries: [nested('going', 'DELETE_IN_PROGRESS')] },
      { StackResourceSummaries: [one('B', 'Custom::IoTJobDeletion'), nested('below')] },
      { StackResourceSummaries: [one('C', 'Custom::IoTJobDeletion')] },
    ];
    const read = await reader().resources([stack('o1'), root], never);
    expect(read.map(({ logicalId, stackId }) => `${logicalId} of ${stackId}`)).toEqual([
      'A of s',
      'B of sibling',
      'C of below',
    ]);
    expect(calls.map((call) => call.split(' ').slice(1).join(' '))).toEqual([
      's',
      'root',
      'root more',
      'sibling',
      'below',
    ]);
  });

  test('a throttled page is repeated alone', async () => {
    pages = twoPages();
    pages.splice(1, 0, awsError('Throttling', 400), awsError('Throttling', 400));
    expect(idsOf(await reader().resources([stack()], never))).toEqual(all);
    const [one1, ...more] = calls;
    expect(one1).toBe('ListStackResources s');
    expect(new Set(more)).toEqual(new Set(['ListStackResources s more']));
  });

  test('what could not be read is read on from its page in the next look', async () => {
    const reading: Reading = {};
    pages = [twoPages()[0]!, ...Array.from({ length: 20 }, () => awsError('Throttling', 400))];
    await expect(reader(reading, 3_000).resources([stack()], never)).rejects.toThrow('not answered in time');
    pages = twoPages().slice(1);
    calls = [];
    const carried = JSON.parse(JSON.stringify(reading)) as Reading;
    expect(idsOf(await reader(carried).resources([stack()], never))).toEqual(all);
    expect(calls).toEqual(['ListStackResources s more']);
    expect(carried.resources).toBeUndefined();
  });

  test('a list is remembered under the operation that a fresh look at the stack names', async () => {
    pages = twoPages();
    await reader().resources([stack('o1')], never);
    const before = calls.length;
    const since = { since: clock.now() + 1, isEnough: (): boolean => true };
    expect(idsOf(await reader().resources([stack('o1')], since))).toEqual(all);
    expect(calls).toHaveLength(before);
  });

  test.each([
    ['another operation', stack('o2')],
    ['another status', stack('o1', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS')],
    ['no operation', stack()],
  ])('not under %s', async (_what, other) => {
    pages = [...twoPages(), ...twoPages()];
    await reader().resources([stack('o1')], never);
    await reader().resources([other], { since: 0, isEnough: () => true });
    expect(calls).toHaveLength(4);
  });

  test('a job is not kept on a list that was read before the event came', async () => {
    pages = [...twoPages(), ...twoPages()];
    await reader().resources([stack('o1')], never);
    await wait(1_000);
    await reader().resources([stack('o1')], { since: clock.now(), isEnough: () => false });
    expect(calls).toHaveLength(4);
  });

  test('nor is one that was read in two looks taken for a newer one than it is', async () => {
    const reading: Reading = {};
    pages = [twoPages()[0]!, ...Array.from({ length: 20 }, () => awsError('Throttling', 400))];
    await expect(reader(reading, 3_000).resources([stack('o1')], never)).rejects.toThrow('not answered in time');
    pages = [...twoPages().slice(1), ...twoPages()];
    await reader(JSON.parse(JSON.stringify(reading)) as Reading).resources([stack('o1')], never);
    calls = [];
    await reader().resources([stack('o1')], never);
    expect(calls).toHaveLength(2);
  });

  test('an answer without any decides nothing', async () => {
    pages = [{}, { StackResourceSummaries: first }];
    expect(idsOf(await reader().resources([stack()], never))).toEqual(['A', 'F']);
    expect(calls).toHaveLength(2);
  });
});

test('what is remembered is bounded', () => {
  for (let index = 0; index <= 1_000; index++) {
    memory.deployed.add(`s${index}`);
  }
  memory.tidy();
  expect(memory.deployed.size).toBe(0);
});
