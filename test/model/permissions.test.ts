import type { SynthesizedStack } from '../../local/assembly';
import { JobDeletion, JobSelection, JobSweep } from '../../lib';
import { synthesize } from '../e2e/world';
import { Account } from './account';
import { VirtualTime } from './virtual-time';

beforeEach(() => jest.spyOn(process.stdout, 'write').mockReturnValue(true));
afterEach(() => jest.restoreAllMocks());

interface Statement {
  Action: string | string[];
  readonly Resource: unknown;
}

interface Policy {
  readonly PolicyDocument: { readonly Statement: Statement[] };
}

/** A policy, or a role with policies inside. */
type Resources = Record<string, { Type: string; Properties: Partial<Policy> & { readonly Policies?: Policy[] } }>;

/** One action of one statement of one policy. */
interface Permission {
  readonly policy: string;
  readonly statement: number;
  readonly action: string;
}

/** One job, for a while another one, and a sweep that has to read tags. */
const stackWith = (...jobIds: string[]): SynthesizedStack =>
  synthesize((stack) => {
    jobIds.forEach((jobId) => new JobDeletion(stack, jobId, { jobId, force: true, cancelFirst: true }));
    new JobSweep(stack, 'Sweep', { jobs: JobSelection.matching({ tags: { app: 'ota' } }) });
  });
const stack = stackWith('a', 'b');

function statementsOf({ template }: SynthesizedStack): [string, Statement[]][] {
  return Object.entries(template.Resources as Resources)
    .filter(([, { Type }]) => Type === 'AWS::IAM::Policy' || Type === 'AWS::IAM::Role')
    .map(([name, { Properties }]) => {
      const policies = Properties.PolicyDocument ? [Properties as Policy] : (Properties.Policies ?? []);
      return [name, policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)];
    });
}

/** Every permission that the template gives, but for writing a log: here is none. */
const permissions: Permission[] = statementsOf(stack)
  .flatMap(([policy, statements]) =>
    statements.flatMap(({ Action }, statement) => [Action].flat().map((action) => ({ policy, statement, action }))),
  )
  .filter(({ action }) => !action.startsWith('logs:'));

function without(whole: SynthesizedStack, { policy, statement, action }: Permission): SynthesizedStack {
  const copy = { ...whole, template: structuredClone(whole.template) };
  const [, statements] = statementsOf(copy).find(([name]) => name === policy)!;
  const left = [statements[statement]!.Action].flat().filter((each) => each !== action);
  // A policy needs a statement: in the end this one allows nothing that anybody does.
  statements[statement]!.Action = left.length > 0 ? left : 'none:None';
  return copy;
}

/** Deploys the stack, takes a job out of it and deletes it; says whether that went as it must, every job being gone. */
async function works(change: (whole: SynthesizedStack) => SynthesizedStack): Promise<boolean> {
  const time = new VirtualTime();
  const account = new Account(time, () => 0.5);
  try {
    ['a', 'b'].forEach((jobId) => account.iot.createJob({ jobId, status: 'IN_PROGRESS' }));
    account.iot.createJob({ jobId: 'c', status: 'COMPLETED', tags: new Map([['app', 'ota']]) });
    const created = await account.cloudFormation.createStack(change(stack));
    if (created.status !== 'CREATE_COMPLETE') {
      return false;
    }
    await account.cloudFormation.updateStack(change(stackWith('a')));
    const deleted = await account.cloudFormation.deleteStack({ stackName: 'S' });
    return deleted.status === 'DELETE_COMPLETE' && account.iot.jobs().length === 0;
  } finally {
    await account.close();
    time.end();
  }
}

const named = ({ policy, statement, action }: Permission): string => `${policy}[${statement}] ${action}`;
test('with all permissions, the stack is deployed and deleted', async () => {
  expect(await works((whole) => whole)).toBe(true);
});

test.each(permissions.map((each) => [named(each), each] as const))(
  'without %s, it is not',
  async (_name, permission) => {
    expect(await works((whole) => without(whole, permission))).toBe(false);
  },
);
