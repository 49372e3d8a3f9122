import { JobDeletion, JobDeletionProvider, JobSelection, JobSweep } from '../../lib';
import type { SynthesizedStack } from '../../local/assembly';
import type { LocalAws } from '../../local/aws';
import { failures, startAws, synthesize } from './world';

const OTHER = '222222222222';
const ROLE = `arn:aws:iam::${OTHER}:role/jobs`;
const externalId = 'teardown-of-s';

let aws: LocalAws;
let other: ReturnType<LocalAws['addAccount']>;
beforeEach(async () => {
  aws = await startAws({ regions: ['eu-west-1'] });
  other = aws.addAccount(OTHER);
  other.iam.createRole('jobs', {
    trustPolicy: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::123456789012:root' },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'sts:ExternalId': externalId } },
        },
      ],
    },
    policies: {
      jobs: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: ['iot:DescribeJob', 'iot:DeleteJob', 'iot:ListJobs'], Resource: '*' }],
      },
    },
  });
  for (const iot of [aws.iot, aws.iotIn('eu-west-1'), other.iot, other.iotIn('eu-west-1')]) {
    iot.createJob({ jobId: 'ota-1', status: 'COMPLETED' });
    iot.createJob({ jobId: 'ota-2', status: 'COMPLETED' });
  }
});
afterEach(() => aws.close());

const left = (): number[] =>
  [aws.iot, aws.iotIn('eu-west-1'), other.iot, other.iotIn('eu-west-1')].map((iot) => iot.jobs().length);

type Build = (provider: JobDeletionProvider, add: ConstructorParameters<typeof JobDeletion>[0]) => void;
const stackWith = (build: Build): SynthesizedStack =>
  synthesize((stack) =>
    build(new JobDeletionProvider(stack, 'Mine', { regions: ['eu-west-1'], assumableRoles: [ROLE] }), stack),
  );

async function deployAndDestroy(build: Build): Promise<{ status: string; reasons: string[] }> {
  expect((await aws.cloudFormation.createStack(stackWith(build))).status).toBe('CREATE_COMPLETE');
  const { status, events } = await aws.cloudFormation.deleteStack({ stackName: 'S' });
  return { status, reasons: failures(events) };
}

test('a job of another region, and a sweep there: nothing here is touched', async () => {
  const { status } = await deployAndDestroy((provider, stack) => {
    new JobDeletion(stack, 'One', { jobId: 'ota-1', region: 'eu-west-1', provider });
    const jobs = JobSelection.matching({ jobIdPrefix: 'ota-2' });
    new JobSweep(stack, 'Sweep', { jobs, region: 'eu-west-1', provider });
  });
  expect(status).toBe('DELETE_COMPLETE');
  expect(left()).toEqual([2, 0, 2, 2]);
});

test('jobs of another account, as a role of it, in both regions', async () => {
  const { status } = await deployAndDestroy((provider, stack) => {
    const assumeRole = { roleArn: ROLE, externalId, sessionName: 'teardown' };
    new JobDeletion(stack, 'One', { jobId: 'ota-1', assumeRole, provider });
    const jobs = JobSelection.matching({ jobIdPrefix: 'ota-' });
    new JobSweep(stack, 'Sweep', { jobs, assumeRole, region: 'eu-west-1', provider });
  });
  expect(status).toBe('DELETE_COMPLETE');
  expect(left()).toEqual([2, 2, 1, 0]);
});

test('another external id than the role asks for: deploying fails, and the reason names what was refused', async () => {
  const { status, events } = await aws.cloudFormation.createStack(
    stackWith((provider, stack) => {
      new JobDeletion(stack, 'One', { jobId: 'ota-1', assumeRole: { roleArn: ROLE, externalId: 'wrong' }, provider });
    }),
  );
  expect(status).toBe('ROLLBACK_COMPLETE');
  const reasons = failures(events);
  expect(reasons[0]).toContain(`The role ${ROLE} may not iot:DescribeJob`);
  expect(reasons[0]).toContain('is not authorized to perform: sts:AssumeRole');
  expect(left()).toEqual([2, 2, 2, 2]);
});

test.each(['iot:DescribeJob', 'iot:ListJobs'])(
  'a role of the other account that lacks %s: deploying fails, whatever is selected, and not a teardown',
  async (action) => {
    const { policies } = other.iam.role('jobs');
    policies.set('jobs', {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['iot:DescribeJob', 'iot:DeleteJob', 'iot:ListJobs'].filter((each) => each !== action),
          Resource: '*',
        },
      ],
    });
    const assumeRole = { roleArn: ROLE, externalId };
    const sweepOf =
      (jobs: JobSelection): Build =>
      (provider, stack) =>
        void new JobSweep(stack, 'Sweep', { jobs, assumeRole, provider });
    for (const build of [
      (provider, stack) => void new JobDeletion(stack, 'One', { jobId: 'ota-1', assumeRole, provider }),
      sweepOf(JobSelection.ids(['ota-1'])),
      sweepOf(JobSelection.matching({ jobIdPrefix: 'ota-' })),
    ] satisfies Build[]) {
      const { status, events } = await aws.cloudFormation.createStack(stackWith(build));
      expect(status).toBe('ROLLBACK_COMPLETE');
      expect(failures(events)[0]).toContain(`The role ${ROLE} may not ${action} on `);
      await aws.cloudFormation.deleteStack({ stackName: 'S' });
    }
  },
);

test('moving a job to another region is another resource: the old one goes in the clean-up', async () => {
  const inRegion = (region?: string): SynthesizedStack =>
    stackWith((provider, stack) => void new JobDeletion(stack, 'One', { jobId: 'ota-1', region, provider }));
  await aws.cloudFormation.createStack(inRegion());
  const { status } = await aws.cloudFormation.updateStack(inRegion('eu-west-1'));
  expect(status).toBe('UPDATE_COMPLETE');
  expect(left()).toEqual([1, 2, 2, 2]);
});

test("outside what the provider may use, told when it is deployed where it wasn't known before", async () => {
  const stack = stackWith((provider, scope) => {
    new JobDeletion(scope, 'One', { jobId: 'ota-1', region: 'eu-west-1', provider });
  });
  const text = JSON.stringify(stack.template).replace('"Region":"eu-west-1"', '"Region":"ap-south-1"');
  const template = JSON.parse(text) as Record<string, unknown>;
  const { status, events } = await aws.cloudFormation.createStack({ ...stack, template });
  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(failures(events)[0]).toContain(
    'Region "ap-south-1" is not one of the provider\'s regions (eu-west-1). Add it, and deploy again.',
  );
});
