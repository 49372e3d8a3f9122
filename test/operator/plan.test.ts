import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CancelJobCommand, IoTClient } from '@aws-sdk/client-iot';
import { App, Aws, CfnCondition, CfnOutput, CfnParameter, Fn, NestedStack, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnJob, CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { JobDeletion, JobDeletionProvider, JobSelection, JobSweep } from '../../lib';
import { nestedTemplates, synthesizedStack } from '../../local/assembly';
import type { LocalAws } from '../../local/aws';
import { parseTemplate } from '../../local/cloudformation/template-body';
import { NoSuchStack } from '../../operator/plan/deployed-stack';
import { type Plan, type PlannedJob, verdictOf } from '../../operator/plan/plan';
import { ACTIONS } from '../../operator/calls';
import { UsageError } from '../../rehearsal/usage';
import { planText as textOf } from '../../operator/plan/text';
import { deleting, failAfter, startAws, synthesize, takeAllSlots, TAKEN } from '../e2e/world';
import { planOf } from './plan-world';

const CREDENTIALS = { accessKeyId: 'AKIAPERSON', secretAccessKey: 'x' };

let aws: LocalAws;

/** What is shown where nobody watches. */
function planText(plan: Plan): string {
  return textOf(plan, { stdout: { write: () => true }, env: {} });
}

beforeEach(async () => {
  aws = await startAws();
});
afterEach(() => aws.close());

/** The jobs of a plan, each with what becomes of it. */
function jobsOf(plan: Plan): readonly string[] {
  return plan.deletions.flatMap(({ jobs }) => jobs.map(({ jobId, result }: PlannedJob) => `${jobId}: ${result}`));
}

it('tells what is to be changed in the app for an active job', async () => {
  await aws.cloudFormation.createStack(deleting({ jobId: 'ota-1' }));
  aws.iot.createJob({ jobId: 'ota-1', status: 'IN_PROGRESS' });

  const plan = await planOf(aws);

  expect(verdictOf(plan)).toBe('FAIL');
  expect(plan.deletions[0]!.jobs).toStrictEqual([
    {
      jobId: 'ota-1',
      status: 'IN_PROGRESS',
      result: 'fail',
      reason: 'is IN_PROGRESS, and force is false',
      advice:
        'Set force to delete it while devices execute it, or cancelFirst to cancel it first. Or wait until it ends.',
    },
  ]);
  expect(planText(plan)).toContain('FAIL ota-1 (IN_PROGRESS): ota-1 is IN_PROGRESS, and force is false. Set force');
});

it('tells that a job is not there, and that nothing is in the way', async () => {
  await aws.cloudFormation.createStack(deleting({ jobId: 'ota-1' }));

  const plan = await planOf(aws);

  expect([verdictOf(plan), jobsOf(plan)]).toStrictEqual(['OK', []]);
  expect(planText(plan)).toContain('there is no such job');
});

it('names the devices that a cancellation without force waits for', async () => {
  await aws.cloudFormation.createStack(deleting({ jobId: 'ota-1', cancelFirst: true }));
  aws.iot.createJob({ jobId: 'ota-1', status: 'IN_PROGRESS', executions: { inProgress: 3 } });

  const plan = await planOf(aws);

  expect(plan.deletions[0]!.jobs).toMatchObject([{ result: 'cancel and delete', executionsInProgress: 3 }]);
  expect(planText(plan)).toContain('waits for 3 executions that are in progress');
});

it('names termination protection', async () => {
  await aws.cloudFormation.createStack({ ...deleting({ jobId: 'ota-1' }), terminationProtection: true });

  const plan = await planOf(aws);

  expect([verdictOf(plan), plan.problems]).toMatchObject([
    'FAIL',
    [expect.stringContaining('Termination protection is on')],
  ]);
});

it.each([
  [true, { result: 'delete', occasion: 'rollback' }],
  [false, { result: 'keep', reason: expect.stringContaining('the stack was never deployed') as string }],
])('tells of a stack that was never completed, with deleteOnRollback %s', async (deleteOnRollback, told) => {
  aws.iot.createThing(TAKEN);
  const stack = synthesize((scope) => {
    failAfter(scope, new JobDeletion(scope, 'Ota', { jobId: 'ota-1', deleteOnRollback }));
  });
  await aws.cloudFormation.createStack({ ...stack, onFailure: 'DO_NOTHING' });
  aws.iot.createJob({ jobId: 'ota-1', status: 'COMPLETED' });

  const plan = await planOf(aws);

  expect(plan.neverCompleted).toBe(true);
  expect(plan.deletions[0]).toMatchObject(told);
});

it('counts the slots that others have', async () => {
  await aws.cloudFormation.createStack(deleting({ jobId: 'ota-1' }));
  aws.iot.createJob({ jobId: 'ota-1', status: 'COMPLETED' });
  takeAllSlots(aws, 60_000);

  const { slots } = await planOf(aws);

  expect(slots).toMatchObject([{ taken: 10, total: 10, jobs: 1, neededSeconds: 120, fits: true }]);
  expect(slots[0]!.others).toHaveLength(10);
});

it('fails where the deletions do not fit the timeout', async () => {
  const stack = synthesize((scope) => {
    new JobSweep(scope, 'Sweep', { jobs: JobSelection.matching({ jobIdPrefix: 'ota-' }) });
  });
  await aws.cloudFormation.createStack(stack);
  Array.from({ length: 560 }, (_, index) => aws.iot.createJob({ jobId: `ota-${index}`, status: 'COMPLETED' }));

  const plan = await planOf(aws);

  expect([verdictOf(plan), plan.slots]).toMatchObject(['FAIL', [{ neededSeconds: 3360, timeoutSeconds: 3300 }]]);
});

it('fails where more jobs match than maxJobs', async () => {
  const stack = synthesize((scope) => {
    new JobSweep(scope, 'Sweep', { jobs: JobSelection.matching({ jobIdPrefix: 'ota-' }), maxJobs: 1 });
  });
  await aws.cloudFormation.createStack(stack);
  ['ota-1', 'ota-2'].forEach((jobId) => aws.iot.createJob({ jobId, status: 'COMPLETED' }));

  const plan = await planOf(aws);

  expect(plan.deletions[0]).toMatchObject({
    result: 'fail',
    advice: expect.stringContaining('maxJobs to 2') as string,
  });
});

it('counts a job once that two deletions have', async () => {
  const stack = synthesize((scope) => {
    new JobDeletion(scope, 'Teardown', { jobId: 'ota-1' });
    new JobSweep(scope, 'Sweep', { jobs: JobSelection.matching({ jobIdPrefix: 'ota-' }) });
  });
  await aws.cloudFormation.createStack(stack);
  aws.iot.createJob({ jobId: 'ota-1', status: 'COMPLETED' });

  expect(planText(await planOf(aws))).toContain('(jobs: 1 to delete, 0 kept, 0 refused, 0 unknown)');
});

it('leaves a declared job to its companion, and fails for an active one that has none', async () => {
  const stack = synthesize((scope) => {
    const group = new CfnThingGroup(scope, 'Group', { thingGroupName: 'sensors' });
    const declare = (jobId: string): CfnJob =>
      new CfnJob(scope, jobId, {
        jobId,
        targets: [group.attrArn],
        targetSelection: 'CONTINUOUS',
        document: '{}',
      });
    JobDeletion.forJob(scope, 'Companion', declare('with'), { force: true });
    declare('without');
  });
  await aws.cloudFormation.createStack(stack);

  const plan = await planOf(aws);

  expect(jobsOf(plan).toSorted()).toStrictEqual(['with: delete', 'without: fail']);
  expect(planText(plan)).toContain('Its JobDeletion deletes the job first');
  expect(planText(plan)).toContain('JobAutoDelete');
});

it('keeps the jobs of a nested stack that is retained, and deletes those of another', async () => {
  const app = new App();
  const root = new Stack(app, 'S');
  const provider = JobDeletionProvider.getOrCreate(root);
  for (const [name, policy] of [
    ['gone', RemovalPolicy.DESTROY],
    ['kept', RemovalPolicy.RETAIN],
  ] as const) {
    const nested = new NestedStack(root, name, { removalPolicy: policy });
    new JobDeletion(nested, 'Ota', { jobId: name, provider });
  }
  const assembly = app.synth();
  await aws.close();
  aws = await startAws({ nestedTemplate: nestedTemplates(assembly) });
  await aws.cloudFormation.createStack(synthesizedStack(assembly, 'S'));
  ['gone', 'kept'].forEach((jobId) => aws.iot.createJob({ jobId, status: 'COMPLETED' }));

  const plan = await planOf(aws);

  expect(plan.deletions).toMatchObject([
    { physicalId: 'gone', result: 'delete', jobs: [{ result: 'delete' }] },
    { physicalId: 'kept', result: 'keep', reason: expect.stringContaining('DeletionPolicy Retain') as string },
  ]);
});

describe('what only CloudFormation can resolve', () => {
  /** A stack whose parameter is a secret. */
  const withSecret = (build: (stack: Stack, secret: CfnParameter) => void): ReturnType<typeof synthesize> => ({
    ...synthesize((stack) => build(stack, new CfnParameter(stack, 'Secret', { noEcho: true }))),
    parameters: { Secret: 'yes' },
  });

  it.each([
    ['COMPLETED', 'OK', 'ota-1: delete'],
    ['IN_PROGRESS', 'UNKNOWN', 'ota-1: unknown'],
  ] as const)('matters only where it makes a difference: %s', async (status, verdict, told) => {
    const stack = withSecret((scope, secret) => {
      const condition = new CfnCondition(scope, 'Forced', {
        expression: Fn.conditionEquals(secret.valueAsString, 'yes'),
      });
      const deletion = new JobDeletion(scope, 'Ota', { jobId: 'ota-1' });
      const resource = deletion.node.findChild('Resource').node.defaultChild as CfnJob;
      resource.addPropertyOverride('Force', Fn.conditionIf(condition.logicalId, true, false));
    });
    await aws.cloudFormation.createStack(stack);
    aws.iot.createJob({ jobId: 'ota-1', status });

    const plan = await planOf(aws);

    expect([verdictOf(plan), jobsOf(plan)]).toStrictEqual([verdict, [told]]);
    expect(plan.deletions[0]!.unknown).toStrictEqual(['Force']);
  });

  it('may be the ids of a list', async () => {
    const stack = withSecret((scope, secret) => {
      new JobSweep(scope, 'Sweep', { jobs: JobSelection.ids([`ota-${secret.valueAsString}`]) });
    });
    await aws.cloudFormation.createStack(stack);

    expect(verdictOf(await planOf(aws))).toBe('UNKNOWN');
  });

  it('is no job id: that is the physical id', async () => {
    const stack = withSecret((scope, secret) => {
      new JobDeletion(scope, 'Ota', { jobId: `ota-${secret.valueAsString}` });
    });
    await aws.cloudFormation.createStack(stack);
    aws.iot.createJob({ jobId: 'ota-yes', status: 'COMPLETED' });

    expect(jobsOf(await planOf(aws))).toStrictEqual(['ota-yes: delete']);
  });

  it('may be what a resource of the new template has: it may keep any job', async () => {
    await aws.cloudFormation.createStack(deleting({ jobId: 'ota-1' }));
    aws.iot.createJob({ jobId: 'ota-1', status: 'COMPLETED' });
    const next = withSecret((scope, secret) => {
      new JobDeletion(scope, 'Other', { jobId: secret.valueAsString });
    });

    const plan = await planOf(aws, 'S', next.template);

    expect([verdictOf(plan), jobsOf(plan)]).toStrictEqual(['UNKNOWN', ['ota-1: unknown']]);
  });

  it('is what another account has', async () => {
    const roleArn = 'arn:aws:iam::222222222222:role/Jobs';
    aws.addAccount('222222222222').iam.createRole('Jobs', {
      trustPolicy: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } }],
      },
      policies: { all: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'iot:*', Resource: '*' }] } },
    });
    const stack = synthesize((scope) => {
      const provider = new JobDeletionProvider(scope, 'Provider', { assumableRoles: [roleArn] });
      new JobDeletion(scope, 'Ota', { jobId: 'ota-1', provider, assumeRole: { roleArn } });
    });
    expect(await aws.cloudFormation.createStack(stack)).toMatchObject({ status: 'CREATE_COMPLETE' });

    const plan = await planOf(aws);

    expect(plan.deletions[0]).toMatchObject({ account: '222222222222', result: 'unknown' });
  });
});

it('tells of an update by a YAML template, with functions in their short form', async () => {
  await aws.cloudFormation.createStack(
    synthesize((scope) => {
      new JobDeletion(scope, 'Ota', { jobId: `ota-${Aws.REGION}`, revision: '1' });
      new JobDeletion(scope, 'Gone', { jobId: 'gone' });
    }),
  );
  ['ota-us-east-1', 'gone'].forEach((jobId) => aws.iot.createJob({ jobId, status: 'COMPLETED' }));
  const { resources } = aws.cloudFormation.stack('S');
  const { logicalId } = resources.find(({ physicalId }) => physicalId === 'ota-us-east-1')!;

  const plan = await planOf(
    aws,
    'S',
    parseTemplate(`
Resources:
  Handler: { Type: AWS::Lambda::Function }
  ${logicalId}:
    Type: Custom::IoTJobDeletion
    Properties:
      ServiceToken: !GetAtt Handler.Arn
      Format: 1
      JobId: !Sub ota-\${AWS::Region}
      Revision: '2'
`),
  );

  expect(plan.deletions.map(({ physicalId, occasion }) => [physicalId, occasion]).toSorted()).toStrictEqual([
    ['gone', 'clean-up'],
    ['ota-us-east-1', 'revision'],
  ]);
  expect(jobsOf(plan).toSorted()).toStrictEqual(['gone: delete', 'ota-us-east-1: delete']);
});

describe('exports that other stacks import', () => {
  const exporting = (): ReturnType<typeof synthesize> =>
    synthesize((scope) => {
      new JobDeletion(scope, 'Ota', { jobId: 'ota-1', force: true });
      new CfnOutput(scope, 'Used', { value: 'vans', exportName: 'Vans' });
      new CfnOutput(scope, 'Unused', { value: 'lorries', exportName: 'Lorries' });
    });
  const importing = (stackName: string): Promise<unknown> => {
    const scope = new Stack(new App(), stackName);
    new CfnThingGroup(scope, 'Group', { thingGroupName: Fn.join('-', [stackName, Fn.importValue('Vans')]) });
    return aws.cloudFormation.createStack(synthesizedStack(App.of(scope)!.synth(), stackName));
  };

  it('are named with those stacks, until those are gone', async () => {
    await aws.cloudFormation.createStack(exporting());
    await importing('One');
    await importing('Two');

    const plan = await planOf(aws);

    expect(plan.problems).toStrictEqual([
      'CloudFormation refuses to delete the stack: its export Vans is in use by One, Two. ' +
        'Before that, delete those stacks, or remove the import from them.',
    ]);
    expect(verdictOf(plan)).toBe('FAIL');
    expect((await aws.cloudFormation.deleteStack({ stackName: 'S' })).status).toBe('CREATE_COMPLETE');

    await aws.cloudFormation.deleteStack({ stackName: 'One' });
    await aws.cloudFormation.deleteStack({ stackName: 'Two' });
    expect(verdictOf(await planOf(aws))).toBe('OK');
    expect((await aws.cloudFormation.deleteStack({ stackName: 'S' })).status).toBe('DELETE_COMPLETE');
  });

  const without = (value?: string): ReturnType<typeof synthesize> =>
    synthesize((scope) => {
      new JobDeletion(scope, 'Ota', { jobId: 'ota-1', force: true });
      if (value !== undefined) {
        new CfnOutput(scope, 'Used', { value, exportName: 'Vans' });
      }
    });

  it.each([
    ['removes', without(), 'Export Vans cannot be deleted as it is in use by One'],
    ['changes', without('other'), 'Export Vans cannot be updated as it is in use by One'],
  ])('an update that %s one is refused, as CloudFormation refuses it', async (does, next, words) => {
    await aws.cloudFormation.createStack(exporting());
    await importing('One');
    const plan = await planOf(aws, 'S', next.template);
    expect(plan.problems).toStrictEqual([
      `CloudFormation refuses the update: it ${does} the export Vans, which is in use by One. ` +
        'Before that, remove the import from those stacks.',
    ]);
    expect(verdictOf(plan)).toBe('FAIL');
    const { reason, status } = await aws.cloudFormation.updateStack(next);
    expect([status, reason]).toStrictEqual(['UPDATE_ROLLBACK_COMPLETE', expect.stringContaining(words)]);
  });

  it('an update that keeps what is in use, and removes what is not, is not in the way', async () => {
    await aws.cloudFormation.createStack(exporting());
    await importing('One');
    const plan = await planOf(aws, 'S', without('vans').template);
    expect([plan.problems, verdictOf(plan)]).toStrictEqual([[], 'OK']);
  });

  it('one in use whose new value only CloudFormation can resolve is named as not checked', async () => {
    await aws.cloudFormation.createStack(exporting());
    await importing('One');
    const plan = await planOf(aws, 'S', without(Fn.importValue('Elsewhere')).template);
    expect(plan.problems).toStrictEqual([]);
    expect(plan.notChecked).toContain('the export Vans, which is in use by One: its value is not known');
  });
});

it('plans what is left of a stack in DELETE_FAILED', async () => {
  await aws.cloudFormation.createStack(deleting({ jobId: 'ota-1' }, { jobId: 'ota-2' }));
  aws.iot.createJob({ jobId: 'ota-1', status: 'IN_PROGRESS' });
  aws.iot.createJob({ jobId: 'ota-2', status: 'COMPLETED' });
  expect((await aws.cloudFormation.deleteStack({ stackName: 'S' })).status).toBe('DELETE_FAILED');

  const plan = await planOf(aws);
  expect([plan.stackStatus, plan.neverCompleted, jobsOf(plan), verdictOf(plan)]).toStrictEqual([
    'DELETE_FAILED',
    false,
    ['ota-1: fail'],
    'FAIL',
  ]);

  const iot = new IoTClient({ endpoint: aws.endpoint.url, region: 'us-east-1', credentials: CREDENTIALS });
  await iot.send(new CancelJobCommand({ jobId: 'ota-1', force: true }));
  iot.destroy();
  expect(jobsOf(await planOf(aws))).toStrictEqual(['ota-1: delete']);
  expect((await aws.cloudFormation.deleteStack({ stackName: 'S' })).status).toBe('DELETE_COMPLETE');
});

it.each([
  ['was made by an import', 'IMPORT_COMPLETE', ['ota-1: delete']],
  ['has an import rolled back', 'IMPORT_ROLLBACK_COMPLETE', ['ota-1: delete']],
  ['was never completed', 'CREATE_FAILED', []],
] as const)('a stack that %s', async (_, status, jobs) => {
  await aws.cloudFormation.createStack(deleting({ jobId: 'ota-1' }));
  aws.iot.createJob({ jobId: 'ota-1', status: 'COMPLETED' });
  // Imports are not carried out here: their stack's history reads like this.
  aws.cloudFormation.intercept = async (_operation, next) => {
    const { body = '', ...answer } = await next();
    return { ...answer, body: body.replaceAll('CREATE_COMPLETE', status) };
  };
  const plan = await planOf(aws);
  expect([plan.stackStatus, plan.neverCompleted, jobsOf(plan)]).toStrictEqual([status, jobs.length === 0, jobs]);
});

it('conditions in a circle are an error of the new template', async () => {
  const stack = deleting({ jobId: 'ota-1' });
  await aws.cloudFormation.createStack(stack);
  const Conditions = { A: { Condition: 'B' }, B: { Condition: 'A' } };
  await expect(planOf(aws, 'S', { ...stack.template, Conditions })).rejects.toThrow(UsageError);
});

describe('an update that CloudFormation refuses', () => {
  const Unsure = { 'Fn::Equals': [{ Ref: 'Secret' }, 'yes'] };
  const rest = {
    Parameters: { Secret: { Type: 'String', NoEcho: true } },
    Conditions: { Unsure, NotSure: { 'Fn::Not': [{ Condition: 'Unsure' }] }, Never: { 'Fn::Equals': ['a', 'b'] } },
  };
  const param = (value: unknown, more = {}): object => ({
    Type: 'AWS::SSM::Parameter',
    Properties: { value },
    ...more,
  });
  const unresolved = (where: string): string =>
    `Template format error: Unresolved resource dependencies [X] in the Resources block of the template (${where})`;

  async function update(resources: object, more: object = {}): Promise<Plan> {
    const stack = deleting({ jobId: 'ota-1' });
    await aws.cloudFormation.createStack(stack);
    const { Resources } = stack.template;
    return planOf(aws, 'S', {
      ...stack.template,
      ...rest,
      ...more,
      Resources: { ...(Resources as object), ...resources },
    });
  }

  it.each([
    [
      'a resource that is not there',
      { A: param({ Ref: 'X' }), X: param('', { Condition: 'Never' }) },
      {},
      unresolved('resource A'),
    ],
    [
      'a circle',
      { A: param({ Ref: 'X' }), X: param({ Ref: 'A' }) },
      {},
      'Circular dependency between resources: [A, X]',
    ],
    [
      'a condition',
      { A: param('', { Condition: 'Nope' }) },
      {},
      'Template error: unresolved condition dependency Nope',
    ],
  ])('%s is named in its words', async (_, resources, more, words) => {
    const error: unknown = await update(resources, more).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toBe(`CloudFormation refuses the template: ${words}.`);
  });

  it.each([
    [
      'a condition that only CloudFormation can decide',
      { A: param({ Ref: 'X' }), X: param('', { Condition: 'NotSure' }) },
      {},
    ],
    [
      'a branch that only it can choose',
      { A: param({ 'Fn::If': ['NotSure', { Ref: 'X' }, ''] }), X: param('', { Condition: 'Never' }) },
      {},
    ],
    ['a resource that may not be there', { A: param({ Ref: 'X' }, { Condition: 'Unsure' }) }, {}],
    ['a macro, which may add the resource', { A: param({ Ref: 'X' }) }, { Transform: 'Mine' }],
    ['a parameter and a pseudo parameter', { A: param([{ Ref: 'Secret' }, { Ref: 'AWS::URLSuffix' }]) }, {}],
  ])('%s is no reason', async (_, resources, more) => {
    expect(jobsOf(await update(resources, more))).toEqual([]);
  });
});

it('a condition is unknown where one that it names is', async () => {
  const build =
    (condition?: string) =>
    (stack: Stack): void => {
      const secret = new CfnParameter(stack, 'Secret', { noEcho: true });
      const sure = new CfnCondition(stack, 'Unsure', { expression: Fn.conditionEquals(secret.valueAsString, 'yes') });
      new CfnCondition(stack, 'NotSure', { expression: Fn.conditionNot(sure) });
      const deletion = new JobDeletion(stack, 'Ota', { jobId: 'ota-1', force: true });
      (deletion.node.findChild('Resource').node.defaultChild as CfnJob).addOverride('Condition', condition);
    };
  await aws.cloudFormation.createStack({ ...synthesize(build()), parameters: { Secret: 'yes' } });
  aws.iot.createJob({ jobId: 'ota-1' });
  // With "yes" the resource goes, and the job with it.
  expect(verdictOf(await planOf(aws, 'S', synthesize(build('NotSure')).template))).toBe('UNKNOWN');
});

it.each(['', '<PhysicalResourceId>gone</PhysicalResourceId>'])(
  'a nested stack that is not there is no reason to deny its parent: "%s"',
  async (id) => {
    await aws.cloudFormation.createStack(deleting({ jobId: 'ota-1' }));
    const inner = `<member><LogicalResourceId>Inner</LogicalResourceId>${id}<ResourceType>AWS::CloudFormation::Stack</ResourceType><ResourceStatus>CREATE_FAILED</ResourceStatus></member>`;
    aws.cloudFormation.intercept = async (_operation, next) => {
      const { body = '', ...answer } = await next();
      return { ...answer, body: body.replace('<StackResourceSummaries>', (list) => list + inner) };
    };
    expect((await planOf(aws)).deletions.map(({ physicalId }) => physicalId)).toStrictEqual(['ota-1']);
  },
);

it('a stack that is only being reviewed has no template', async () => {
  await aws.cloudFormation.createStack(deleting({ jobId: 'ota-1' }));
  aws.cloudFormation.intercept = async (operation, next) => {
    const { body = '', ...answer } = await next();
    return operation === 'GetTemplate'
      ? { ...answer, status: 400 }
      : {
          ...answer,
          body: body
            .replaceAll('CREATE_COMPLETE', 'REVIEW_IN_PROGRESS')
            .replace(/<member>[^]*<\/member>/, (part) => (operation === 'ListStackResources' ? '' : part)),
        };
  };
  const { deletions, neverCompleted } = await planOf(aws);
  expect([deletions, neverCompleted]).toStrictEqual([[], true]);
});

it.each([
  ['ROLLBACK_COMPLETE', 'Delete it, and deploy it again.'],
  ['UPDATE_ROLLBACK_FAILED', 'continue-update-rollback --stack-name S'],
] as const)('a stack that is %s can be deleted, and not updated', async (status, way) => {
  const stack = deleting({ jobId: 'ota-1' });
  await aws.cloudFormation.createStack(stack);
  aws.cloudFormation.setStatus('S', status);
  expect((await planOf(aws)).problems).toStrictEqual([]);
  const update = await planOf(aws, 'S', { ...stack.template });
  expect([verdictOf(update), update.problems]).toStrictEqual(['FAIL', [expect.stringContaining(way)]]);
  expect(update.problems[0]).toContain(`CloudFormation refuses to update a stack that is ${status}.`);
});

it('says that there is no such stack', async () => {
  await expect(planOf(aws)).rejects.toThrow(NoSuchStack);
});

describe('permissions', () => {
  const policy = (actions: readonly string[]): Parameters<LocalAws['iam']['createRole']>[1] => ({
    policies: {
      plan: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: [...actions], Resource: '*' }] },
    },
  });

  beforeEach(async () => {
    const stack = synthesize((scope) => {
      new JobSweep(scope, 'Sweep', { jobs: JobSelection.matching({ tags: { team: 'fleet' } }) });
      new CfnOutput(scope, 'Vans', { value: 'vans', exportName: 'Vans' });
    });
    await aws.cloudFormation.createStack(stack);
    aws.iot.createJob({ jobId: 'ota-1', status: 'COMPLETED', tags: new Map([['team', 'fleet']]) });
  });

  it('are those of the policy in docs/commands.md', () => {
    const text = readFileSync(join(__dirname, '..', '..', 'docs', 'commands.md'), 'utf8');
    const [, section = ''] = text.split('### Permissions of plan');
    const [, json = '{}'] = /```json\n([^]*?)```/.exec(section) ?? [];
    expect(JSON.parse(json)).toMatchObject({ Statement: [{ Action: ACTIONS.plan }] });
  });

  it('are enough', async () => {
    const { accessKeyId } = aws.iam.createRole('Operator', policy(ACTIONS.plan));
    expect(jobsOf(await planOf(aws, 'S', undefined, accessKeyId))).toStrictEqual(['ota-1: delete']);
  });

  it.each(ACTIONS.plan)('%s is needed', async (action) => {
    const { accessKeyId } = aws.iam.createRole('Operator', policy(ACTIONS.plan.filter((each) => each !== action)));
    await expect(planOf(aws, 'S', undefined, accessKeyId)).rejects.toThrow(`may not ${action}`);
  });
});
