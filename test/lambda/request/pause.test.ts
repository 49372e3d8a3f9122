import { pauseSeconds } from '../../../lambda/request/pause';

const HOUR = 3_480_000;
const pauses = (kind: 'undecided' | 'job' | 'sweep', expected: number, random: number): readonly number[] => {
  const all: number[] = [];
  for (let elapsed = 0; elapsed < HOUR;) {
    const seconds = pauseSeconds(kind, expected, elapsed, HOUR - elapsed, random);
    all.push(seconds);
    elapsed += seconds * 1000;
  }
  return all;
};

test.each([0, 0.5, 0.999])('a job: about 290 looks in 58 minutes (random %f)', (random) => {
  expect(pauses('job', 0, random).length).toBeGreaterThan(270);
  expect(pauses('job', 0, random).length).toBeLessThan(310);
});

test.each(['undecided', 'job', 'sweep'] as const)('%s: whole seconds from 1 to 15, whatever is expected', (kind) => {
  for (const expected of [0, 0.4, 249, 5_000, 60_000, Infinity]) {
    for (const random of [0, 0.5, 0.999]) {
      const all = pauses(kind, expected, random);
      expect(all.every((each) => Number.isInteger(each) && each >= 1 && each <= 15)).toBe(true);
      // One a second at the most; of 2,000 looks, each some nine events of an execution's 25,000, the handler has enough.
      expect(all.length).toBeLessThanOrEqual(HOUR / 1000);
    }
  }
});

test('never past the deadline by more than a second, and a second after it', () => {
  expect(pauseSeconds('job', 0, HOUR, 400, 0.5)).toBe(1);
  expect(pauseSeconds('job', 0, HOUR, 3_200, 0.5)).toBe(4);
  expect(pauseSeconds('job', 0, HOUR, -5_000, 0.5)).toBe(1);
});

test('a clock that went back makes no pause of less', () => {
  expect(pauseSeconds('job', 0, -100_000, HOUR, 0.5)).toBe(1);
});

test('many that asked a silent service together ask it again at different times', () => {
  const at = [0, 0.25, 0.5, 0.75, 1].map((random) => pauseSeconds('undecided', 0, 20_000, HOUR, random));
  expect(new Set(at).size).toBeGreaterThan(3);
});

test('the end of a deletion in a sweep is not missed', () => {
  expect(pauseSeconds('sweep', 5_000, 2_000_000, HOUR, 0.5)).toBe(5);
  expect(pauseSeconds('job', 5_000, 2_000_000, HOUR, 0.5)).toBe(15);
});
