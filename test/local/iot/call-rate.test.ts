import { ServiceError } from '../../../local/api';
import { CallRate } from '../../../local/iot/call-rate';
import { ManualClock } from './manual-clock';

const clock = new ManualClock();

/** How many of so many calls are admitted. */
function admitted(rate: CallRate, calls: number, operation = 'DescribeJob'): number {
  let count = 0;
  for (let call = 0; call < calls; call++) {
    try {
      rate.admit(operation);
      count += 1;
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'ThrottlingException' && error.status === 400) continue;
      throw error;
    }
  }
  return count;
}

test("one second's worth at once, then as many as time brings, and never more than one second's worth", () => {
  const rate = new CallRate(clock, 10);
  expect(admitted(rate, 15)).toBe(10);
  clock.pass(99);
  expect(admitted(rate, 15)).toBe(0);
  clock.pass(1);
  expect(admitted(rate, 15)).toBe(1);
  clock.pass(350);
  expect(admitted(rate, 15)).toBe(3);
  clock.pass(60_000);
  expect(admitted(rate, 15)).toBe(10);
});

test('each operation has its own', () => {
  const rate = new CallRate(clock, 2);
  expect(admitted(rate, 5)).toBe(2);
  expect(admitted(rate, 5, 'DeleteJob')).toBe(2);
});

test('none', () => {
  expect(admitted(new CallRate(clock, Infinity), 1_000)).toBe(1_000);
});
