import type { Left } from '../../lambda/left';
import { notGone, unavailableForLong } from '../../lambda/messages-of-left';
import { awsError, deletion } from './world';

const call = { action: 'iot:DeleteJob', resource: '*', role: 'r', order: { stackId: 's', place: {} } };
const obstacle = (kind: 'no slot' | 'unavailable' | 'refused'): Left => ({
  kind: 'obstacle',
  obstacle: { kind, call, error: awsError('ServiceException', 500, 'No.') },
});
const filter = { filter: { jobIdPrefix: 'ota-' } };

describe('one job', () => {
  const ofOne = (left: Left): string => notGone(deletion(), new Map([['job-1', left]]));

  test.each<[Left, string]>([
    [
      { kind: 'outside patterns', patterns: ['x*'] },
      'Job "job-1" is outside what the JobDeletionProvider may touch (x*).',
    ],
    [obstacle('no slot'), "10 other jobs held the account's deletion slots"],
    [
      obstacle('unavailable'),
      'because iot:DeleteJob got no usable answer: ServiceException: No. When the service answers',
    ],
    [{ kind: 'reserved', namespaceId: 'aws-gg' }, 'Job "job-1" is in AWS\'s own namespace "aws-gg".'],
  ])('%j', (left, message) => {
    expect(ofOne(left)).toContain(message);
  });
});

describe('many jobs', () => {
  const ofMany = (left: Left, rest = {}): string =>
    notGone(deletion({ target: filter, found: 3, namespaceId: 'core', ...rest }), new Map([['ota-1', left]]));

  test.each<[Left, string]>([
    [
      { kind: 'other namespace', actual: undefined },
      '"ota-1" (in no namespace, not in "core"). Delete what is in another',
    ],
    [
      { kind: 'outside patterns', patterns: ['x*'] },
      '(outside what the JobDeletionProvider may touch (x*)). Delete what',
    ],
    [{ kind: 'executions in progress', count: 2 }, '(CANCELED with executions in progress after 55 minutes). Let the'],
    [
      { kind: 'in deletion' },
      '(still DELETION_IN_PROGRESS after 55 minutes). Let AWS IoT go on; then delete the stack',
    ],
    [{ kind: 'status', status: 'ARCHIVED' }, '(still ARCHIVED after 55 minutes). Wait for them; then'],
    [{ kind: 'reserved', namespaceId: 'aws-gg' }, "(AWS's own (aws-gg)). Retain the resource; then"],
    [obstacle('no slot'), '(without a deletion slot after 55 minutes). Wait until other deletions have ended'],
    [
      obstacle('refused'),
      '(not deleted, because AWS answered iot:DeleteJob with ServiceException: No). Correct or allow',
    ],
  ])('%j', (left, message) => {
    expect(ofMany(left)).toContain(`Jobs are left (1 of 3): "ota-1" ${message.replace('"ota-1" ', '')}`);
  });

  test('for a revision, and in a clean-up in another region', () => {
    const active: Left = { kind: 'active', status: 'IN_PROGRESS' };
    expect(ofMany(active, { occasion: 'revision' })).toContain('then deploy with another revision.');
    const place = { region: 'eu-west-1' };
    expect(ofMany(active, { occasion: 'clean-up', place })).toContain(
      'then run for each: aws iot delete-job --job-id JOB_ID --force --namespace-id core --region eu-west-1 (CloudFormation',
    );
  });

  test('a service that does not answer', () => {
    const error = awsError('TimeoutError', undefined, 'no answer');
    expect(unavailableForLong(deletion({ target: filter }), { kind: 'unavailable', call, error })).toContain(
      'What is left of the jobs could not be deleted within 55 minutes, because iot:DeleteJob got no usable answer',
    );
  });
});
