import type { Place } from '../../../lambda/aws/place';
import type { Occasion } from '../../../lambda/deletion/deletion';
import type { Left, LeftJobs } from '../../../lambda/deletion/left';
import type { Obstacle } from '../../../lambda/deletion/obstacle';
import { answerTo } from '../../../lambda/request/answer';
import { advice } from '../../../lambda/words/advice';
import { Failure } from '../../../lambda/words/failure';
import { messages } from '../../../lambda/words/messages';
import { type Attempt, kept, keptForOthers, notDeleted, unavailableForLong } from '../../../lambda/words/not-deleted';
import { awsError } from '../aws-error';
import { event, HOME, ROLE } from '../world';

const OCCASIONS: readonly (Occasion | 'undecided' | 'unreadable' | undefined)[] = [
  'stack deletion',
  'rollback',
  'clean-up',
  'revision',
  'undecided',
  'unreadable',
  undefined,
];
const PLACES: Readonly<Record<string, Place>> = {
  'at home': {},
  'in another region': { region: 'eu-west-1' },
  'in another account': { assumeRole: { roleArn: ROLE } },
  'in another region and account': { region: 'eu-west-1', assumeRole: { roleArn: ROLE } },
};
const OBSTACLES: readonly Obstacle['kind'][] = [
  'no slot',
  'job concurrency',
  'throttled',
  'unavailable',
  'denied',
  'refused',
];
const obstacle = (kind: Obstacle['kind']): Obstacle => ({
  kind,
  action: 'iot:DeleteJob',
  resource: 'arn:aws:iot:us-east-1:123456789012:job/job-1',
  role: 'arn:aws:iam::123456789012:role/handler',
  said: 'ServiceException: no',
});

/** Every reason for which a job is left. */
const LEFT: readonly Left[] = [
  { kind: 'active', status: 'IN_PROGRESS' },
  { kind: 'other namespace', actual: 'edge' },
  { kind: 'outside patterns', patterns: ['ota-*', 'fw-*'] },
  { kind: 'reserved', namespaceId: 'aws-greengrass' },
  { kind: 'untagged', tag: 'cdk-iot-job-deletion' },
  { kind: 'executions in progress', count: 3 },
  { kind: 'cancellation in progress' },
  { kind: 'in deletion' },
  { kind: 'status', status: 'ARCHIVED' },
  { kind: 'no slot' },
  { kind: 'not tried' },
  ...OBSTACLES.map((kind): Left => ({ kind: 'obstacle', obstacle: obstacle(kind) })),
];

/** Every message that is about jobs, for each thing that it may be about. */
function aboutJobs(): readonly (readonly [string, string])[] {
  const all: (readonly [string, string])[] = [];
  for (const [where, place] of Object.entries(PLACES)) {
    for (const occasion of OCCASIONS) {
      for (const jobId of ['job-1', undefined]) {
        const attempt: Attempt = {
          jobId,
          place,
          home: HOME,
          force: true,
          namespaceId: 'core',
          occasion,
          timeoutSeconds: 3300,
          found: 200,
          neededSeconds: 5000,
        };
        const add = (name: string, text: string): void =>
          void all.push([`${name}: ${jobId ?? 'jobs'} ${where}, ${occasion ?? 'not a deletion'}`, text]);
        for (const why of LEFT) {
          const left: LeftJobs = {
            why,
            count: jobId === undefined ? 12 : 1,
            named: ['a', 'b', 'c'].slice(0, jobId ? 1 : 3),
          };
          const name = why.kind === 'obstacle' ? `${why.kind} ${why.obstacle.kind}` : why.kind;
          add(name, notDeleted(attempt, [left]));
        }
        if (jobId === undefined) {
          add(
            'all reasons at once',
            notDeleted(
              attempt,
              LEFT.map((why) => ({ why, count: 12, named: ['a', 'b', 'c'] })),
            ),
          );
        }
        add('unavailableForLong', unavailableForLong(attempt, 'iot:DeleteJob', 'ServiceException: no'));
        add('tooMany', messages.tooMany(attempt, 1200, 1000));
        add('unavailable', messages.unavailable(obstacle('unavailable'), attempt));
        add('unavailable, without an answer', messages.unavailable(undefined, attempt));
        add(
          'rolledBackMeanwhile',
          messages.rolledBackMeanwhile(attempt, ['UPDATE_ROLLBACK_COMPLETE', 'CREATE_COMPLETE']),
        );
        add('unclear', messages.unclear(attempt, ['UPDATE_IN_PROGRESS', 'unknown']));
        add('unreadableClaim', messages.unreadableClaim(attempt, 'Other'));
        add('stale', messages.stale(attempt, 'UPDATE_COMPLETE'));
        add('before', messages.before(attempt, 'DELETE_IN_PROGRESS'));
        add('tooLate', messages.tooLate(57, attempt));
        add('notCounted', messages.notCounted(12_000, 300, attempt));
        add('notCounted, throttled', messages.notCounted(0, 300, attempt, obstacle('throttled')));
        if (jobId === undefined) {
          add('nothing left, and not believed', notDeleted(attempt, []));
        }
        add('lookedInVain', messages.lookedInVain(attempt));
        add('noWaiter', messages.noWaiter(obstacle('denied'), attempt));
        add('tooManyLooks', messages.tooManyLooks(2000, attempt));
        add('refusal', messages.refusal(obstacle('refused'), advice(attempt)));
        add('denial', messages.refusal(obstacle('denied'), advice(attempt)));
      }
    }
  }
  return all;
}

const OTHERS: Readonly<Record<string, string>> = {
  outsidePatterns: messages.outsidePatterns('job-1', ['a*', 'b*', 'c*', 'd*', 'e*', 'f*', 'g*']),
  outsideRegions: messages.outsidePlaces('Region', 'ap-south-1', ['eu-west-1']),
  outsideRoles: messages.outsidePlaces('Role', ROLE, []),
  tooManyNames: messages.tooManyNames(101, 100),
  selectionTooLong: messages.selectionTooLong(2000, 1024),
  selectsEverything: messages.selectsEverything(),
  keptOnRollback: messages.keptOnRollback('job-1', 'the stack is ROLLBACK_IN_PROGRESS'),
  keptOnRollbackOfMany: messages.keptOnRollback(undefined, 'the stack was never deployed'),
  keptForOther: messages.keptForOther('job-1', 'Other'),
  keptForOtherOfMany: messages.keptForOther(undefined, 'Other'),
  malformed: messages.malformed('JobId', 'a b', '1 to 64 characters of a-z, A-Z, 0-9, "_" and "-"'),
  missingJobId: messages.missingJobId(),
  unknownFormat: messages.unknownFormat('2'),
  unknownProperty: messages.unknownProperty('FromTheFuture'),
  foreignStack: messages.foreignStack(
    'arn:aws:cloudformation:eu-west-1:123456789012:stack/S/1',
    'us-east-1',
    '123456789012',
  ),
  untagged: messages.untagged('job-1', 'cdk-iot-job-deletion'),
  unexpected: messages.unexpected(new TypeError('x is not a function')),
  kept: kept([{ why: { kind: 'reserved', namespaceId: 'aws-gg' }, count: 2, named: ['a', 'b'] }]),
  keptForOthers: keptForOthers(['a', 'b', 'c', 'd', 'e'])!,
};
const ALL: readonly (readonly [string, string])[] = [...Object.entries(OTHERS), ...aboutJobs()];

/** A command of the AWS CLI, without the full stop behind it. */
const COMMAND = /aws iot [a-z-]+(?: --[a-z-]+(?: (?!--)[\w:<>*-]+)?)*/g;
const commandsIn = (text: string): readonly string[] => text.match(COMMAND) ?? [];

/** What is wrong with a text, by prose.md. */
function faultsOf(text: string): readonly string[] {
  const plain = text.replaceAll(COMMAND, 'COMMAND');
  const sentences = plain.split(/(?<=[.!?])\s+(?=[A-Z"0-9])/);
  const long = sentences.filter((sentence) => sentence.split(/\s+/).length > 25);
  const wrong: [RegExp, string][] = [
    [/https?:/, 'a URL'],
    [/\n|\s{2}| at .*\.[jt]s/, 'a stack trace or a line break'],
    [/framework|onEvent|isComplete|state machine|undefined|\bnull\b|NaN|\[object/i, 'a word of the machinery'],
    [/\.\.|\. \.|\(\)/, 'a gap'],
    [/[^\x20-\x7e]/, 'more than ASCII'],
  ];
  return [
    ...long.map((sentence) => `more than 25 words: ${sentence}`),
    ...wrong.filter(([pattern]) => pattern.test(plain)).map(([, what]) => what),
    ...(/^[A-Z"0-9]/.test(text) || /^(iot|cloudformation):/.test(text) ? [] : ['no capital']),
    ...(text.endsWith('.') ? [] : ['no full stop']),
  ];
}

test('every message is in the table', () => {
  const told = ALL.map(([name]) => name).join('\n');
  // One that is added must be added here.
  const names = Object.keys(messages).filter((name) => name !== 'refusal' && name !== 'outsidePlaces');
  expect(names.filter((name) => !told.includes(name))).toEqual([]);
});

test.each(Object.entries(OTHERS))('%s reads well', (_name, text) => {
  expect(faultsOf(text)).toEqual([]);
});

test('each message about jobs reads well', () => {
  const faults = aboutJobs().map(([name, text]) => [name, faultsOf(text), text] as const);
  expect(faults.filter(([, wrong]) => wrong.length > 0)).toEqual([]);
});

describe('each command is exact: no namesake at home is deleted by it (R17)', () => {
  test.each(Object.entries(PLACES))('%s', (where, { region = HOME.region, assumeRole }) => {
    const texts = aboutJobs().filter(([name]) => name.includes(`${where},`));
    const commands = texts.flatMap(([, text]) => commandsIn(text));
    expect(commands.length).toBeGreaterThan(50);
    const profile = assumeRole ? ' --profile account-222222222222' : '';
    expect(commands.filter((command) => !command.endsWith(` --region ${region}${profile}`))).toEqual([]);
    const unsaid = texts.filter(
      ([, text]) =>
        assumeRole && commandsIn(text).length > 0 && !text.includes('stands for credentials of that account'),
    );
    expect(unsaid).toEqual([]);
  });

  test('with a name that no shell runs where the job is not known', () => {
    for (const [name, text] of aboutJobs()) {
      for (const command of commandsIn(text).filter((each) => /(delete|cancel|describe)-job/.test(each))) {
        expect([name, command]).toEqual([name, expect.stringMatching(/ --job-id (job-1|<JOB_ID>) /)]);
      }
    }
  });

  test('with force, and the namespace in which the job was found', () => {
    const attempt: Attempt = {
      jobId: 'job-1',
      place: {},
      home: HOME,
      namespaceId: 'core',
      occasion: 'clean-up',
      timeoutSeconds: 60,
      found: 1,
      neededSeconds: 0,
    };
    const of = (why: Left): readonly string[] =>
      commandsIn(notDeleted(attempt, [{ why, count: 1, named: ['job-1'] }])).filter((each) =>
        each.includes('delete-job'),
      );
    expect(new Set(of({ kind: 'other namespace', actual: 'edge' }))).toEqual(
      new Set(['aws iot delete-job --job-id job-1 --namespace-id edge --region us-east-1']),
    );
    expect(new Set(of({ kind: 'active', status: 'IN_PROGRESS' }))).toEqual(
      new Set(['aws iot delete-job --job-id job-1 --force --namespace-id core --region us-east-1']),
    );
  });
});

test('no command for a job that belongs to AWS but the closing one for the others', () => {
  const attempt = {
    place: {},
    home: HOME,
    occasion: 'stack deletion',
    timeoutSeconds: 60,
    found: 1,
    neededSeconds: 0,
  } as const;
  const why: Left = { kind: 'reserved', namespaceId: 'aws-gg' };
  expect(commandsIn(notDeleted({ ...attempt, jobId: 'job-1' }, [{ why, count: 1, named: ['job-1'] }]))).toEqual([]);
});

describe('what a service says', () => {
  test('of any length and script makes an answer of 4,096 bytes at the most', () => {
    for (const text of ['é\n'.repeat(5_000), '"\\'.repeat(5_000), '\u0000'.repeat(9_000), '🙂'.repeat(9_000)]) {
      const failure = new Failure(messages.unexpected(awsError('Odd', 400, text)));
      const PhysicalResourceId = 'é'.repeat(500);
      const answer = answerTo(event('Delete'), 'FAILED', PhysicalResourceId, `${failure.message} ${'"'.repeat(3_000)}`);
      expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(4096);
    }
  });

  test('is passed on without any URL: it may be the secret one', () => {
    const text = messages.unexpected(
      new Error('connect to https://bucket.s3.amazonaws.com/x?X-Amz-Signature=secret failed'),
    );
    expect(text).not.toContain('secret');
  });
});

test('every message in an answer', () => {
  const largest = ALL.map(([, text]) => {
    const answer = answerTo(event('Delete'), 'FAILED', 'job-1', new Failure(text).message);
    return Buffer.byteLength(JSON.stringify(answer));
  });
  expect(Math.max(...largest)).toBeLessThanOrEqual(4096);
});

describe('one reason for many jobs is true of each', () => {
  const attempt = {
    place: {},
    home: HOME,
    occasion: 'clean-up',
    timeoutSeconds: 60,
    found: 9,
    neededSeconds: 0,
  } as const;
  const arn = 'arn:aws:iot:us-east-1:123456789012:job/a';
  const denied: Left = {
    kind: 'obstacle',
    obstacle: {
      ...obstacle('denied'),
      said: `AccessDeniedException: not authorized to perform: iot:DeleteJob on: ${arn}`,
    },
  };
  const told = (why: Left, ...named: string[]): string => notDeleted(attempt, [{ why, count: named.length, named }]);

  test('a denial quotes the ARN of one job alone', () => {
    expect(told(denied, 'a')).toContain(`"a" was not deleted, because iot:DeleteJob is denied: AccessDeniedException`);
    expect(told(denied, 'a')).toContain(`on: ${arn}.`);
    expect(told(denied, 'a', 'b')).toContain('on: arn:aws:iot:us-east-1:123456789012:job/<JOB_ID>.');
    expect(told(denied, 'a', 'b')).not.toContain(arn);
  });

  test('executions are counted of one job alone', () => {
    const why = { kind: 'executions in progress', count: 7 } as const;
    expect(told(why, 'a')).toContain('"a" is CANCELED, but 7 executions were still in progress');
    expect(told(why, 'a', 'b')).toContain('"a", "b" are CANCELED, but executions were still in progress');
  });
});

test('the longest physical id does not push out what to do, nor where the log is', () => {
  const { message } = new Failure('"x" '.repeat(425));
  const logged = 'Log group: /aws/lambda/handler, request id: r.';
  const { Reason } = answerTo(event('Delete'), 'FAILED', 'i'.repeat(1_024), `${message} ${logged}`);
  expect(Reason).toBe(`${message} ${logged}`);
});

test('many reasons do not push out what to do', () => {
  const attempt = {
    place: {},
    home: HOME,
    occasion: 'clean-up',
    timeoutSeconds: 60,
    found: 600,
    neededSeconds: 0,
  } as const;
  const left = Array.from({ length: 50 }, (_, index) => ({
    why: { kind: 'other namespace', actual: `namespace-${index}-${'x'.repeat(40)}` } as const,
    count: index + 1,
    named: [`${'a'.repeat(60)}-${index}`, 'b', 'c'].slice(0, index + 1),
  }));
  const text = new Failure(notDeleted(attempt, left)).message;
  expect(text).toContain('CloudFormation retries three times, then forgets the jobs.');
  expect(text).toContain('namespace-49');
});
