import type { LargeAccount } from '../../bench/large-accounts/cases';
import { largeAccounts } from '../../bench/large-accounts/cases';
import { measure } from '../../bench/large-accounts/measure';

/** One of the accounts, with fewer strangers. */
function smaller(name: string, strangers: number): LargeAccount {
  const account = largeAccounts.find((one) => one.name === name)!;
  return { ...account, strangers };
}

test('few names among many jobs: DescribeJob each, and no list', async () => {
  const { callsToFind, left, status } = await measure(smaller('names', 1_000));
  expect({ left, status }).toEqual({ left: 0, status: 'DELETE_COMPLETE' });
  expect(callsToFind).toBeLessThanOrEqual(10);
});

test('strangers are asked for their tags once', async () => {
  const { calls, left } = await measure(smaller('tags', 60));
  expect(left).toBe(0);
  expect(calls.ListTagsForResource).toBeLessThanOrEqual(60 + 4 * 10);
});

test('100 jobs, one denied: 99 go within 1.2 times the bound, and the one is named', async () => {
  const { left, ratio, reason, status } = await measure(largeAccounts.find(({ denied }) => denied !== undefined)!);
  expect({ left, status }).toEqual({ left: 1, status: 'DELETE_FAILED' });
  expect(reason).toContain('1 of 100 jobs was not deleted. "ota-7" was not deleted, because iot:DescribeJob is denied');
  expect(ratio).toBeLessThan(1.2);
});
