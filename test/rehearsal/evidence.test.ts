import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  App,
  Aspects,
  Aws,
  CfnCondition,
  CfnDeletionPolicy,
  CfnElement,
  CfnMapping,
  CfnOutput,
  CfnParameter,
  CfnResource,
  type Environment,
  Fn,
  NestedStack,
  RemovalPolicy,
  Stack,
  Stage,
} from 'aws-cdk-lib';
import { CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { JobDeletion, JobSelection, JobSweep } from '../../lib';
import type { Result } from '../../rehearsal/result';
import { UsageError } from '../../rehearsal/usage';
import { runCommand } from './command';
import { rehearseHere } from './in-process';

jest.setTimeout(60_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evidence-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Rehearses what a test writes. */
const rehearse = async (fill: (app: App) => void, ...args: string[]): Promise<Result> => {
  const app = new App({ outdir: join(folder, 'cdk.out') });
  fill(app);
  return (await rehearseHere(app.synth(), args)).result;
};

/** A loop among a stack's resources, for which CDK has no construct. */
class Loop extends CfnElement {
  constructor(
    stack: Stack,
    private readonly key: string,
    private readonly loop: unknown,
  ) {
    super(stack, 'Loop');
  }

  override _toCloudFormation(): object {
    return { Resources: { [this.key]: this.loop } };
  }
}

const told = ({ verdict, reason }: Result): string => `${verdict}: ${reason}`;

test('a stack that cdk destroy refuses to delete', async () => {
  const result = await rehearse((app) => {
    const stack = new Stack(app, 'Fleet', { terminationProtection: true });
    new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
  });
  expect(told(result)).toMatch(
    /^FAIL: destroy Fleet: REFUSED: Stack \[Fleet\] cannot be deleted while TerminationProtection is enabled\. In the app: /,
  );
  expect(result.deletions[0]).toMatchObject({
    result: 'FAIL',
    reason: expect.stringMatching(
      /^Stack \[Fleet\] cannot be deleted while TerminationProtection is enabled\./,
    ) as string,
  });
});

test.each(['Retain', 'RetainExceptOnCreate'])('a deletion whose policy is %s: its job is kept', async (policy) => {
  const result = await rehearse((app) => {
    const teardown = new JobDeletion(new Stack(app, 'Fleet'), 'Teardown', { jobId: 'ota-1', force: true });
    teardown._resource.addOverride('DeletionPolicy', policy);
  });
  expect(told(result)).toBe('PASS: 0 jobs deleted and 2 kept, as expected.');
  expect(result.deletions).toMatchObject([{ result: 'PASS', reason: '1 job kept, as retained' }]);
});

test('a nested stack that is retained keeps all that is in it, and each construct is called by its own path', async () => {
  const result = await rehearse((app) => {
    const stack = new Stack(app, 'Fleet');
    const kept = new NestedStack(stack, 'Kept', { removalPolicy: RemovalPolicy.RETAIN });
    for (const [scope, of] of [
      [stack, 'top'],
      [kept, 'kept'],
      [new NestedStack(kept, 'Inner'), 'inner'],
    ] as const) {
      // Its id is a token, so all three have the same logical id.
      new JobDeletion(scope, 'Teardown', { jobId: `${of}-${Aws.REGION}`, force: true });
    }
  });
  expect(told(result)).toBe('PASS: 1 job deleted and 5 kept, as expected.');
  expect(result.deletions.map(({ path, reason }) => [path, reason])).toEqual([
    ['Fleet/Teardown', '1 job deleted'],
    ['Fleet/Kept/Teardown', '1 job kept, as retained'],
    ['Fleet/Kept/Inner/Teardown', '1 job kept, as retained'],
  ]);
});

test('a stack that a loop writes', async () => {
  const result = await rehearse((app) => {
    const stack = new Stack(app, 'Fleet');
    new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
    const topics = { 'Topic${Name}': { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'Name' } } } };
    stack.addTransform('AWS::LanguageExtensions');
    new Loop(stack, 'Fn::ForEach::Topics', ['Name', ['a', 'b'], topics]);
  });
  expect(result.verdict).toBe('PASS');
  expect(result.stubs.map(({ logicalId }) => logicalId)).toEqual(expect.arrayContaining(['Topica', 'Topicb']));
});

describe('a deletion whose condition does not hold', () => {
  const gated = (app: App): CfnCondition => {
    const stack = new Stack(app, 'Fleet');
    const isOn = new CfnParameter(stack, 'Teardowns', { default: 'no' }).valueAsString;
    const inner = new CfnCondition(stack, 'IsOn', { expression: Fn.conditionEquals(isOn, 'yes') });
    return new CfnCondition(stack, 'Gate', { expression: Fn.conditionAnd(inner, inner) });
  };
  const ofGate = 'its condition Gate is false; change it with --parameter Fleet:Teardowns=VALUE';

  test('is named, with what changes that, and beside others it changes no verdict', async () => {
    const result = await rehearse((app) => {
      const gate = gated(app);
      new JobDeletion(gate.stack, 'Other', { jobId: 'ota-2', force: true })._resource.cfnOptions.condition = gate;
      new JobDeletion(gate.stack, 'Teardown', { jobId: 'ota-1', force: true });
    });
    expect(result.verdict).toBe('PASS');
    expect(result.warnings).toEqual([`Fleet/Other is not deployed: ${ofGate}`]);
  });

  test('is what the verdict names where it is the only one, in a nested stack, too', async () => {
    const fill = (app: App): void => {
      const gate = gated(app);
      const nested = new NestedStack(gate.stack, 'Nested');
      (nested.nestedStackResource as CfnResource).cfnOptions.condition = gate;
      new JobDeletion(nested, 'Teardown', { jobId: 'ota-1', force: true });
    };
    expect(told(await rehearse(fill))).toBe(
      'NOT_TESTED: No deployed stack has a JobDeletion or a JobSweep: there was nothing to test; ' +
        `Fleet/Nested/Teardown is not deployed: the nested stack Fleet/Nested is not, because ${ofGate}.`,
    );
    expect((await rehearse(fill, '--parameter', 'Fleet:Teardowns=yes')).verdict).toBe('PASS');
  });

  test('in a stack that names no region: what the region follows', async () => {
    const fill = (app: App): void => {
      const stack = new Stack(app, 'Fleet');
      const isHere = new CfnCondition(stack, 'IsHere', { expression: Fn.conditionEquals(Aws.REGION, 'eu-west-1') });
      new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true })._resource.cfnOptions.condition = isHere;
    };
    expect(told(await rehearse(fill))).toMatch(/its condition IsHere is false; change it with CDK_DEFAULT_REGION\.$/);
    const app = new App({ outdir: join(folder, 'cdk.out') });
    fill(app);
    const there = { accountId: '111122223333', region: 'eu-west-1' };
    const { result, text } = await rehearseHere(app.synth(), [], undefined, there);
    expect(result.verdict).toBe('PASS');
    expect(text).toContain('Account 111122223333, eu-west-1\nCDK_DEFAULT_ACCOUNT and CDK_DEFAULT_REGION decide');
  });
});

test('a mapping by an account that the app does not name', async () => {
  const fill = (env?: Environment) => (app: App) => {
    const stack = new Stack(app, 'Fleet', { env });
    const ids = new CfnMapping(stack, 'Jobs', { mapping: { '111122223333': { id: 'ota-1' } } });
    new JobDeletion(stack, 'Teardown', { jobId: ids.findInMap(Aws.ACCOUNT_ID, 'id'), force: true });
  };
  const failed = 'Unable to get mapping for Jobs::123456789012::id';
  const open = told(await rehearse(fill()));
  expect(open).toContain(
    `${failed}. The stack names no account or region: set CDK_DEFAULT_ACCOUNT and CDK_DEFAULT_REGION.`,
  );
  const named = told(await rehearse(fill({ account: '123456789012', region: 'us-east-1' })));
  expect(named).toMatch(/Unable to get mapping for Jobs::123456789012::id\.$/);
});

test('two stacks of one name in one place: which to rehearse alone', async () => {
  const rehearsed = rehearse((app) => {
    for (const name of ['Beta', 'Prod']) {
      const stack = new Stack(new Stage(app, name), 'Fleet', { stackName: 'fleet' });
      new JobDeletion(stack, 'Teardown', { jobId: `ota-${name}`, force: true });
    }
  });
  await expect(rehearsed).rejects.toThrow(UsageError);
  await expect(rehearsed).rejects.toThrow(
    'Beta/Fleet and Prod/Fleet have the same stack name, fleet, in 123456789012/us-east-1: one would replace the other. ' +
      'Rehearse them one at a time, such as: cdk-iot-job-deletion rehearse Prod/Fleet',
  );
});

test('a handler with layers runs without them, and that is said', async () => {
  const result = await rehearse((app) => {
    new JobDeletion(new Stack(app, 'Fleet'), 'Teardown', { jobId: 'ota-1', force: true });
    const layer = 'arn:aws:lambda:us-east-1:111111111111:layer:apm:1';
    Aspects.of(app).add({
      visit: (node) => node instanceof CfnFunction && node.addPropertyOverride('Layers', [layer]),
    });
  });
  expect(result.verdict).toBe('PASS');
  expect(result.warnings).toEqual([
    expect.stringMatching(/^Fleet\/\w+ runs without its layers, which are not here$/) as string,
  ]);
});

test('an export that a later stack has, by a name that only CloudFormation resolves', async () => {
  const result = await rehearse((app) => {
    const fleet = new Stack(app, 'Fleet');
    const name = Fn.sub('${AWS::Region}-job');
    new JobDeletion(fleet, 'Teardown', { jobId: Fn.importValue(name), force: true });
    const rollouts = new Stack(app, 'Rollouts');
    new CfnThingGroup(rollouts, 'Vans');
    new CfnOutput(rollouts, 'Job', { value: 'ota-1', exportName: 'us-east-1-job' });
  });
  expect(told(result)).toContain(
    'Cannot delete export us-east-1-job as it is in use by Fleet. It is deployed before Rollouts, so that its first ' +
      'deployment finds no such export. In the app: let Fleet depend on Rollouts;',
  );
});

test('a handler whose runtime is not here', async () => {
  const result = await rehearse((app) => {
    new JobDeletion(new Stack(app, 'Fleet'), 'Teardown', { jobId: 'ota-1', force: true });
    Aspects.of(app).add({
      visit: (node) => node instanceof CfnFunction && node.addPropertyOverride('Runtime', 'python3.13'),
    });
  });
  expect(told(result)).toMatch(
    /^FAIL: deploy Fleet: STOPPED: The function Fleet-\S+ did not start: .*runs Node\.js, not python3\.13/,
  );
});

describe('a handler that can never run', () => {
  const retired = /: The runtime parameter of nodejs14\.x is no longer supported/;
  test.each([
    ['ReservedConcurrentExecutions', 0, /did not start: its ReservedConcurrentExecutions is 0/],
    ['Runtime', 'nodejs14.x', retired],
    ['Runtime', 'node22', /: Value node22 at 'runtime' failed to satisfy constraint/],
    ['Handler', '/opt/nodejs/apm.handler', /did not start: .*apm/],
    ['Layers', ['arn:aws:lambda:us-east-1:1:layer:apm:1'], undefined],
  ])('%s: %j', async (property, value, failure) => {
    const result = await rehearse((app) => {
      new JobDeletion(new Stack(app, 'Fleet'), 'Teardown', { jobId: 'ota-1', force: true });
      Aspects.of(app).add({
        visit: (node) => node instanceof CfnFunction && node.addPropertyOverride(property, value),
      });
    });
    expect(result.verdict).toBe(failure ? 'FAIL' : 'PASS');
    expect(told(result)).toMatch(failure ?? /^PASS/);
  });
});

test('an import whose exporter is deployed later', async () => {
  const result = await rehearse((app) => {
    const importing = new Stack(app, 'A');
    new JobDeletion(importing, 'Teardown', { jobId: Fn.importValue('Ota'), force: true });
    const exporting = new Stack(app, 'B');
    new CfnThingGroup(exporting, 'Group');
    new CfnOutput(exporting, 'Ota', { value: 'ota-1', exportName: 'Ota' });
  });
  expect(told(result)).toBe(
    'FAIL: deploy A: REFUSED: No export named Ota found. B exports it, and is deployed later. ' +
      'In the app: let A depend on B.',
  );
});

test.each([
  ['AWS::RDS::DBInstance', 'PASS'],
  ['AWS::S3::Bucket', 'FAIL'],
  ['AWS::EC2::Instance', 'FAIL'],
])('a snapshot of %s', async (type, verdict) => {
  const result = await rehearse((app) => {
    const stack = new Stack(app, 'Fleet');
    new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
    new CfnResource(stack, 'Other', { type }).cfnOptions.deletionPolicy = CfnDeletionPolicy.SNAPSHOT;
  });
  expect(result.verdict).toBe(verdict);
  expect(result.reason).toMatch(
    verdict === 'PASS' ? /^1 job deleted/ : `resource type ${type} does not support deletion policy Snapshot`,
  );
});

test.each(['thing/van-1', 'thinggroup/vans'])('a declared job whose target is outside the app: %s', async (target) => {
  const result = await rehearse((app) => {
    const stack = new Stack(app, 'Fleet');
    const job = new CfnResource(stack, 'Job', {
      type: 'AWS::IoT::Job',
      properties: { JobId: 'ota-1', Targets: [stack.formatArn({ service: 'iot', resource: target })], Document: '{}' },
    });
    JobDeletion.forJob(stack, 'Teardown', job, { force: true });
  });
  expect(told(result)).toMatch(/^PASS/);
});

test('a job option with the name of another stack', async () => {
  const rehearsed = rehearse(
    (app) => {
      new JobDeletion(new Stack(app, 'A'), 'Teardown', { jobId: 'ota-1', force: true });
      new JobDeletion(new Stack(app, 'B'), 'Teardown', { jobId: 'ota-2', force: true });
    },
    ...['--job', 'A:ota-2=COMPLETED'],
  );
  await expect(rehearsed).rejects.toThrow('--job: no deletion names the job "A:ota-2", only ota-1, ota-2.');
});

test('an app without a deletion', async () => {
  const result = await rehearse((app) => new CfnThingGroup(new Stack(app, 'Fleet'), 'Group'));
  expect(told(result)).toBe(
    'NOT_TESTED: No deployed stack has a JobDeletion or a JobSweep: there was nothing to test.',
  );
});

test('a deployment that fails: its reason, and the deletions that were not tested', async () => {
  const result = await rehearse((app) => {
    const stack = new Stack(app, 'Fleet');
    new CfnResource(stack, 'Thing', { type: 'AWS::IoT::Thing', properties: { ThingName: 'not a name' } });
    new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
  });
  expect(told(result)).toMatch(/^FAIL: deploy Fleet: ROLLBACK_COMPLETE: .*not a name/);
  expect(result.deletions).toEqual([
    expect.objectContaining({ path: 'Fleet/Teardown', result: 'NOT_TESTED', reason: 'its stack was not deployed' }),
  ]);
});

describe('a sweep by the name of a thing group that the app does not make, beside one that it does', () => {
  const fill = (app: App): void => {
    const stack = new Stack(app, 'Fleet');
    new CfnThingGroup(stack, 'Group', { thingGroupName: 'vans' });
    new JobSweep(stack, 'Sweep', { jobs: JobSelection.matching({ thingGroupName: 'vnas' }), force: true });
  };

  test('is not tested, and the option is named', async () => {
    expect(told(await rehearse(fill))).toBe(
      'NOT_TESTED: Fleet/Sweep: the app does not make the thing group "vnas", only vans; if it is made elsewhere, give --thing-group vnas.',
    );
  });

  test('passes with the option', async () => {
    expect(told(await rehearse(fill, '--thing-group', 'vnas'))).toBe('PASS: 12 jobs deleted and 1 kept, as expected.');
    const misspelt = rehearse(fill, '--thing-group', 'vnas', '--thing-group', 'vams');
    await expect(misspelt).rejects.toThrow('--thing-group: no sweep selects by the thing group "vams", only vnas.');
  });
});

test('an active job that the stack declares, without a companion', async () => {
  const result = await rehearse((app) => {
    const stack = new Stack(app, 'Fleet');
    const target = 'arn:aws:iot:us-east-1:123456789012:thing/van';
    const properties = { JobId: 'ota-1', Targets: [target], Document: '{}' };
    new CfnResource(stack, 'Job', { type: 'AWS::IoT::Job', properties });
    new JobDeletion(stack, 'Teardown', { jobId: 'ota-2', force: true });
  });
  expect(told(result)).toMatch(
    /^FAIL: destroy Fleet: DELETE_FAILED: Job: .*ota-1 is IN_PROGRESS.* In the app: JobDeletion\.forJob\(this, id, job, /,
  );
});

test('a job that the sweep of another stack takes first', async () => {
  const result = await rehearse((app) => {
    const named = new Stack(app, 'Named');
    new JobDeletion(named, 'Job', { jobId: 'ota-1', force: true });
    const swept = new Stack(app, 'Swept');
    new JobSweep(swept, 'Sweep', { jobs: JobSelection.matching({ jobIdPrefix: 'ota-' }), force: true });
    swept.addDependency(named);
  });
  expect(told(result)).toBe(
    "NOT_TESTED: Named/Job: its jobs were gone when its stack's destroy began: Swept/Sweep deleted them before. " +
      'To test it alone: cdk-iot-job-deletion rehearse Named.',
  );
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s is an interruption, and no failure', async (signal, exitCode) => {
  const { code, stdout } = await runCommand(['rehearse', '--app', 'echo $$ > pid; exec sleep 30', '--json'], {
    cwd: folder,
    home: folder,
    // It says what it waits for, once that takes long.
    watch: (child) => child.stderr!.on('data', (text) => String(text).includes('sleep 30') && child.kill(signal)),
  });
  expect(JSON.parse(stdout)).toMatchObject({ verdict: 'INTERRUPTED', reason: `Interrupted by ${signal}.` });
  expect(code).toBe(exitCode);
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('a function whose asset is not there says so before it is started', async () => {
  const app = new App({ outdir: join(folder, 'cdk.out') });
  new JobDeletion(new Stack(app, 'Fleet'), 'Teardown', { jobId: 'ota-1', force: true });
  const assembly = app.synth();
  const [asset = ''] = readdirSync(assembly.directory).filter((name) => name.startsWith('asset.'));
  rmSync(join(assembly.directory, asset), { recursive: true });
  const { verdict, reason } = (await rehearseHere(assembly)).result;
  expect([verdict, reason]).toEqual([
    'FAIL',
    expect.stringMatching(/The specified key does not exist: \w+\.zip is not at /),
  ]);
});
