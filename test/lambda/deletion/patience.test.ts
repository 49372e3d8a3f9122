import { type Call, Patience, Refusal } from '../../lambda/patience';
import { awsError, World } from './world';

const call: Call = {
  action: 'iot:DeleteJob',
  resource: 'arn:aws:iot:us-east-1:123456789012:job/job-1',
  role: 'arn:aws:iam::123456789012:role/handler',
  order: { jobId: 'job-1', stackId: 'stack', place: {} },
  createdAt: 1_000,
};
const no = awsError('InvalidStateTransitionException', 409);

let world: World;
let patience: Patience;
beforeEach(() => {
  world = new World();
  patience = new Patience(world.services.clock);
  patience.judge(call, no);
  world.time += 3_000;
});

test('what is refused for three seconds is refused for good', () => {
  expect(() => patience.judge(call, no)).toThrow(Refusal);
});

test('what one job was refused is not held against a newer one with its id', () => {
  expect(patience.judge({ ...call, createdAt: 2_000 }, no).kind).toBe('refused');
});

test('what worked meanwhile may be refused again for as long', () => {
  patience.restore(call);
  expect(patience.judge(call, no).kind).toBe('refused');
});
