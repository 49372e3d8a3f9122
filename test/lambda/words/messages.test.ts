import { messages } from '../../lambda/messages';
import { awsError } from './world';

const order = { stackId: 's', place: {}, occasion: 'undecided' } as const;
const call = { action: 'iot:ListJobs', resource: '*', role: 'r', order };

test('of several jobs, when it is not known yet what the event belongs to', () => {
  expect(messages.unavailable(call, awsError('TimeoutError', undefined, 'none'))).toBe(
    'iot:ListJobs got no usable answer, and nothing was decided without it: TimeoutError: none. When the service answers ' +
      "again, do again what failed; if an update's clean-up has forgotten the jobs, run: aws iot delete-job --job-id JOB_ID.",
  );
});

test('of a provider that may use nothing else', () => {
  expect(messages.outsidePlaces('Role', 'r', [])).toBe(
    `Role "r" is outside what the JobDeletionProvider may use (none). Add it to the provider's assumableRoles, and deploy again.`,
  );
});

test('of a revision whose stack rolled back', () => {
  expect(messages.rolledBackMeanwhile(order, ['UPDATE_ROLLBACK_COMPLETE'])).toBe(
    'What was left of the jobs was kept: the revision changed, but the stack is UPDATE_ROLLBACK_COMPLETE and no longer ' +
      'updating. Deploy the revision again.',
  );
});
