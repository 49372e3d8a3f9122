import { type Obstacle, obstacleOf } from '../../../lambda/deletion/obstacle';
import { Patience } from '../../../lambda/deletion/patience';
import { awsError } from '../aws-error';

const call = { action: 'iot:DeleteJob', resource: '*', role: 'r' };
const obstacle = (name: string, status: number): Obstacle => obstacleOf(call, awsError(name, status));
const refused = obstacle('InvalidStateTransitionException', 409);
const denied = obstacle('AccessDeniedException', 403);

let patience: Patience;
beforeEach(() => (patience = new Patience()));

test('what is refused for three seconds is refused for good', () => {
  expect(patience.isOver('a', refused, 0)).toBe(false);
  expect(patience.isOver('a', refused, 2_999)).toBe(false);
  expect(patience.isOver('a', refused, 3_000)).toBe(true);
});

test('what one job was refused is not held against another', () => {
  patience.isOver('a', refused, 0);
  expect(patience.isOver('b', refused, 3_000)).toBe(false);
});

test('what worked meanwhile may be refused again for as long', () => {
  patience.isOver('a', refused, 0);
  patience.restore('a');
  expect(patience.isOver('a', refused, 3_000)).toBe(false);
});

test('what is denied for 20 seconds is denied for good, and then of every job at once', () => {
  expect(patience.isOver('a', denied, 0)).toBe(false);
  expect(patience.isOver('a', denied, 19_999)).toBe(false);
  expect(patience.isOver('a', denied, 20_000)).toBe(true);
  expect(patience.isOver('b', denied, 20_000)).toBe(true);
});

test('that one job is denied does not settle another call', () => {
  patience.isOver('a', denied, 0);
  patience.isOver('a', denied, 20_000);
  expect(patience.isOver('b', { ...denied, action: 'iot:CancelJob' }, 20_000)).toBe(false);
});

test('a wait for a slot, throttling and silence are borne for ever', () => {
  for (const each of [
    obstacle('LimitExceededException', 410),
    obstacle('Throttling', 400),
    obstacle('Internal', 500),
  ]) {
    patience.isOver('a', each, 0);
    expect(patience.isOver('a', each, 3_600_000)).toBe(false);
  }
});

test('is carried from look to look, and bounded', () => {
  for (let index = 0; index < 500; index++) {
    patience.isOver(`job-${index}`, refused, index);
  }
  const carried = new Patience(JSON.parse(JSON.stringify(patience.carried)) as Patience['carried']);
  expect(carried.carried.since).toHaveLength(100);
  expect(carried.isOver('job-499', refused, 3_499)).toBe(true);
  expect(carried.isOver('job-0', refused, 10_000)).toBe(false);
});

describe('what an error means', () => {
  test.each<[string, number | undefined, string, Obstacle['kind']]>([
    ['LimitExceededException', 410, 'iot:DeleteJob', 'no slot'],
    ['LimitExceededException', 410, 'iot:CancelJob', 'job concurrency'],
    ['ThrottlingException', 400, 'iot:DeleteJob', 'throttled'],
    ['TooManyRequestsException', 429, 'iot:DescribeJob', 'throttled'],
    ['AccessDeniedException', 403, 'iot:DeleteJob', 'denied'],
    ['UnauthorizedException', 401, 'iot:DeleteJob', 'denied'],
    ['InvalidRequestException', 400, 'iot:DeleteJob', 'refused'],
    ['ResourceNotFoundException', 404, 'iot:DeleteJob', 'refused'],
    ['InternalFailureException', 500, 'iot:DeleteJob', 'unavailable'],
    ['ServiceUnavailableException', 503, 'iot:ListJobs', 'unavailable'],
    ['TimeoutError', undefined, 'iot:ListJobs', 'unavailable'],
    ['SyntaxError', 200, 'iot:ListJobs', 'unavailable'],
  ])('%s (%s) to %s: %s', (name, status, action, kind) => {
    expect(obstacleOf({ ...call, action }, awsError(name, status)).kind).toBe(kind);
  });
});
