import { parseOptions, usage, UsageError } from '../../bench/options';

const NAMES = ['N × JobDeletion', 'shell loop, AWS CLI'];

test('the defaults: what the issue of the bench asks for, and everybody takes part', () => {
  expect(parseOptions([], NAMES)).toEqual({
    jobs: [1, 10, 50, 100, 250],
    deletionSeconds: [2, 10],
    runs: 3,
    only: NAMES,
    isWhole: true,
  });
});

test('--help', () => {
  expect(parseOptions(['--help'], NAMES)).toBeUndefined();
  NAMES.forEach((name) => expect(usage(NAMES)).toContain(name));
});

test('every option', () => {
  const args = ['--jobs', '1,10', '--deletion-time', '0.5', '--runs', '1', '--only', 'shell'];
  expect(parseOptions(args, NAMES)).toEqual({
    jobs: [1, 10],
    deletionSeconds: [0.5],
    runs: 1,
    only: [NAMES[1]],
    isWhole: false,
  });
});

test.each([
  [['--jobs', '1,,2'], '--jobs takes numbers above 0 and up to 1000, not "".'],
  [['--jobs', '1.5'], '--jobs takes numbers above 0 and up to 1000, not "1.5".'],
  [['--deletion-time', 'soon'], '--deletion-time takes numbers above 0 and up to 600, not "soon".'],
  [['--runs', '0'], '--runs takes numbers above 0 and up to 100, not "0".'],
  [['--only', 'nobody'], '--only: no contender\'s name contains "nobody"'],
  [['--fast'], "Unknown option '--fast'"],
])('%j is a wrong option', (args, message) => {
  expect(() => parseOptions(args, NAMES)).toThrow(UsageError);
  expect(() => parseOptions(args, NAMES)).toThrow(message);
});
