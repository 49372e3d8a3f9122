import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnJob, CfnOTAUpdate, CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { AwsCustomResource, AwsCustomResourcePolicy } from 'aws-cdk-lib/custom-resources';
import { JobDeletion, JobDeletionProvider, JobSelection, JobSweep } from '../../lib';
import type { LocalAws } from '../../local/aws';
import { failAfter, startAws, synthesize, TAKEN } from '../e2e/world';
import { markdownRows } from './markdown-rows';

const OTHER = '222222222222';
const ROLE = `arn:aws:iam::${OTHER}:role/jobs`;

const WAYS = ['AWS::IoT::Job alone', 'with the companion', 'JobDeletion', 'JobSweep', 'AwsCustomResource'] as const;
type Way = (typeof WAYS)[number];

/** What the stack declares, what others make, and what happens. */
interface Situation {
  readonly ids: readonly string[];
  readonly declares?: 'job' | 'OTA update';
  /** Jobs that something else makes, before the stack or after it. */
  readonly made?: 'before' | 'after';
  readonly finished?: true;
  readonly creationFails?: true;
  readonly declaredGoesFirst?: true;
  readonly account?: typeof OTHER;
}

const job: Situation = { ids: ['ota-1'] };
const update: Situation = { ids: ['AFR_OTA-1'], declares: 'OTA update' };
const many = Array.from({ length: 11 }, (_, index) => `ota-${index}`);
const SITUATIONS: Readonly<Record<string, Situation>> = {
  'declared job, finished': { ...job, declares: 'job', finished: true },
  'declared job, active': { ...job, declares: 'job' },
  'declared job, and the first deployment fails': { ...job, declares: 'job', creationFails: true },
  'OTA update, its job finished': { ...update, finished: true },
  'OTA update, its job active: the job first': update,
  'OTA update, its job active: the update first': { ...update, declaredGoesFirst: true },
  "pipeline's job, made after the deployment": { ...job, made: 'after' },
  "pipeline's job, and the first deployment fails": { ...job, made: 'before', creationFails: true },
  "another account's job": { ...job, made: 'before', account: OTHER },
  '11 jobs of a pipeline': { ids: many, made: 'after' },
};

let aws: LocalAws;
let other: ReturnType<LocalAws['addAccount']>;
beforeEach(async () => {
  aws = await startAws({ deletionTime: () => 20_000 });
  aws.iot.createThing(TAKEN);
  other = aws.addAccount(OTHER);
  const allow = { Effect: 'Allow' };
  const [Action, Principal] = ['sts:AssumeRole', { AWS: 'arn:aws:iam::123456789012:root' }];
  other.iam.createRole('jobs', {
    trustPolicy: { Version: '2012-10-17', Statement: [{ ...allow, Action, Principal }] },
    policies: { jobs: { Version: '2012-10-17', Statement: [{ ...allow, Action: 'iot:*', Resource: '*' }] } },
  });
});
afterEach(() => aws.close());

const table = readTable();
test('the table has these situations and ways', () => {
  expect([...table.keys()]).toEqual(Object.keys(SITUATIONS));
  table.forEach((row) => expect([...row.keys()]).toEqual(WAYS));
});

const cells = Object.keys(SITUATIONS).flatMap((situation) => WAYS.map((way) => [situation, way] as const));
test.each(cells)('%s: %s', async (name, way) => {
  const situation = SITUATIONS[name]!;
  expect(isFor(situation, way) ? await outcome(situation, way) : '–').toBe(table.get(name)?.get(way));
});

/** AWS::IoT::Job and its companion are for what the stack declares; a companion is for AWS::IoT::Job alone. */
function isFor({ declares }: Situation, way: Way): boolean {
  switch (way) {
    case 'AWS::IoT::Job alone':
      return declares !== undefined;
    case 'with the companion':
      return declares === 'job';
    case 'JobDeletion':
    case 'JobSweep':
    case 'AwsCustomResource':
      return true;
    default:
      return way satisfies never;
  }
}

/** How the stack ends, and what became of the jobs. */
async function outcome(situation: Situation, way: Way): Promise<string> {
  const { ids, made, finished, creationFails, account } = situation;
  const { iot } = account ? other : aws;
  const make = (): void => ids.forEach((jobId) => void iot.createJob({ jobId, status: 'IN_PROGRESS' }));
  if (made === 'before') make();
  let { status } = await aws.cloudFormation.createStack(synthesize((stack) => build(stack, situation, way)));
  expect(status).toMatch(creationFails ? /^ROLLBACK_/ : /^CREATE_COMPLETE$/);
  if (!creationFails) {
    if (made === 'after') make();
    if (finished) iot.call('CancelJob', { jobId: ids[0]!, force: true });
    ({ status } = await aws.cloudFormation.deleteStack({ stackName: 'S' }));
  }
  const counts = { kept: 0, 'still in deletion': 0 };
  iot.jobs().forEach((left) => (counts[left.status === 'DELETION_IN_PROGRESS' ? 'still in deletion' : 'kept'] += 1));
  const left = Object.entries(counts).filter(([, count]) => count > 0);
  const jobs = left.map(([what, count]) => (ids.length > 1 ? `${count} ${what}` : what));
  return `${jobs.join(', ') || 'deleted'}, \`${status}\``;
}

function build(stack: Stack, situation: Situation, way: Way): void {
  const declared = declare(stack, situation);
  const deletions = deletionsOf(stack, situation, way, declared);
  if (declared && way !== 'with the companion') {
    const [first, then] = situation.declaredGoesFirst ? [deletions, [declared]] : [[declared], deletions];
    then.forEach((each) => each.node.addDependency(...first));
  }
  if (situation.creationFails) failAfter(stack, ...deletions, ...(declared ? [declared] : []));
}

function declare(stack: Stack, { declares, ids: [jobId] }: Situation): CfnResource | undefined {
  const group = new CfnThingGroup(stack, 'Fleet', { thingGroupName: 'fleet' });
  const common = { targets: [group.attrArn], targetSelection: 'CONTINUOUS' };
  switch (declares) {
    case undefined:
      return undefined;
    case 'job':
      return new CfnJob(stack, 'Job', { jobId: jobId!, document: '{}', ...common });
    case 'OTA update': {
      const otaUpdateId = jobId!.replace('AFR_OTA-', '');
      return new CfnOTAUpdate(stack, 'Update', { otaUpdateId, roleArn: ROLE, files: [], ...common });
    }
    default:
      return declares satisfies never;
  }
}

function deletionsOf(stack: Stack, { ids, account }: Situation, way: Way, declared?: CfnResource) {
  const force = true;
  const elsewhere = () =>
    account && {
      assumeRole: { roleArn: ROLE },
      provider: new JobDeletionProvider(stack, 'Provider', { assumableRoles: [ROLE] }),
    };
  switch (way) {
    case 'AWS::IoT::Job alone':
      return [];
    case 'with the companion':
      return [JobDeletion.forJob(stack, 'Deletion', declared!, { force })];
    case 'JobDeletion':
      return ids.map((jobId) => new JobDeletion(stack, jobId, { jobId, force, ...elsewhere() }));
    case 'JobSweep': {
      const jobs = JobSelection.matching({ jobIdPrefix: ids[0]!.split('-')[0]! });
      return [new JobSweep(stack, 'Sweep', { jobs, force, ...elsewhere() })];
    }
    case 'AwsCustomResource':
      return ids.map(
        (jobId) =>
          new AwsCustomResource(stack, jobId, {
            onDelete: {
              service: 'iot',
              action: 'deleteJob',
              parameters: { jobId, force },
              ...(account && { assumedRoleArn: ROLE }),
            },
            policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: AwsCustomResourcePolicy.ANY_RESOURCE }),
            installLatestAwsSdk: false,
          }),
      );
    default:
      return way satisfies never;
  }
}

/** The document's table whose columns are the ways. */
function readTable(): Map<string, Map<string, string>> {
  const text = readFileSync(join(__dirname, '..', '..', 'docs', 'choosing.md'), 'utf8');
  const [head, , ...rows] = markdownRows(text).filter((row) => row.length === WAYS.length + 1);
  const ways = head!.slice(1).map((way) => way.replaceAll('`', ''));
  return new Map(rows.map(([name, ...row]) => [name!, new Map(ways.map((way, index) => [way, row[index]!]))]));
}
