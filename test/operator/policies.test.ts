import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalAws } from '../../local/aws';
import { ACTIONS } from '../../operator/calls';
import { simulatedIam } from '../../rehearsal/authoriser';
import { takeAllSlots } from '../e2e/world';
import { close, type Ended, run, startAws } from './operator-world';

const text = readFileSync(join(__dirname, '..', '..', 'docs', 'commands.md'), 'utf8');

/** What each command is asked to do, so that it needs everything it may ever call. */
const COMMANDS = {
  'delete-job': ['--job-id', 'ota-1', '--cancel-first', '--timeout', '60'],
  sweep: ['--tag', 'team=fleet', '--yes', '--cancel-first', '--timeout', '60'],
} as const;

let aws: LocalAws;
beforeEach(async () => {
  aws = await startAws([], { authoriser: simulatedIam });
  aws.iot.createJob({ jobId: 'ota-1', tags: new Map([['team', 'fleet']]) });
  takeAllSlots(aws, 5_000);
});
afterEach(() => close(aws));

function runAllowed(verb: keyof typeof COMMANDS, actions: readonly string[]): Promise<Ended> {
  const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: [...actions], Resource: '*' }] };
  process.env.AWS_ACCESS_KEY_ID = aws.iam.createRole('Operator', { policies: { policy } }).accessKeyId;
  return run(aws, verb, COMMANDS[verb]);
}

describe.each(['delete-job', 'sweep'] as const)('the policy of %s', (verb) => {
  it('is the one in docs/commands.md', () => {
    const [, section = ''] = text.split(`### Permissions of ${verb}`);
    const [, json = '{}'] = /```json\n([^]*?)```/.exec(section) ?? [];
    expect(JSON.parse(json)).toMatchObject({ Statement: [{ Action: ACTIONS[verb] }] });
  });

  it('is enough', async () => {
    expect(await runAllowed(verb, ACTIONS[verb])).toMatchObject({ code: 0 });
    expect(aws.iot.job('ota-1')).toBeUndefined();
  });

  it.each(ACTIONS[verb])('needs %s', async (action) => {
    const ended = await runAllowed(
      verb,
      ACTIONS[verb].filter((each) => each !== action),
    );
    expect(ended.stderr).toContain(action);
    expect(ended.code).not.toBe(0);
    expect(aws.iot.job('ota-1')).toBeDefined();
  });
});
