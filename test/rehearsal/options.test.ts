import { parseOptions } from '../../rehearsal/options';
import { UsageError } from '../../rehearsal/usage';

test('the defaults', () => {
  expect(parseOptions([])).toEqual({
    job: { jobId: 'example-job-04', force: true },
    jobs: 25,
    deletionSeconds: 3,
    json: false,
  });
});

test('--help', () => {
  expect(parseOptions(['--help'])).toBe('help');
  expect(parseOptions(['--version'])).toBe('version');
});

test('every option', () => {
  expect(parseOptions(['--jobs', '40', '--deletion-time', '0.5', '--json', '--report', 'a.html'])).toMatchObject({
    report: 'a.html',
    jobs: 40,
    deletionSeconds: 0.5,
    json: true,
  });
});

test.each([
  [['--jobs', '0'], '--jobs takes a number from 1 to 400, not "0".'],
  [['--jobs', '1.5'], '--jobs takes a number from 1 to 400, not "1.5".'],
  [['--jobs', ''], '--jobs takes a number from 1 to 400, not "".'],
  [['--deletion-time', 'soon'], '--deletion-time takes a number from 0 to 600, not "soon".'],
  [['--input', 'absent.json'], 'absent.json: cannot be read as an input document'],
  [['--report', 'no/such/folder/a.html'], '--report no/such/folder/a.html: there is no folder no/such/folder.'],
  [['--report', 'package.json/a.html'], '--report package.json/a.html: there is no folder package.json.'],
  [['--report', '.'], '--report takes a file, not the folder ".".'],
  [['--report', ''], '--report takes a file, not the folder "".'],
  [['--fast'], "Unknown option '--fast'"],
])('%j is a wrong option', (args, message) => {
  expect(() => parseOptions(args)).toThrow(UsageError);
  expect(() => parseOptions(args)).toThrow(message);
});
