import type { SynthesizedStack } from '../../local/assembly';
import { deleting } from '../e2e/world';
import { Account } from './account';
import { VirtualTime } from './virtual-time';

beforeEach(() => jest.spyOn(process.stdout, 'write').mockReturnValue(true));
afterEach(() => jest.restoreAllMocks());

interface Statement {
  Action: string | string[];
  readonly Resource: unknown;
}

type Resources = Record<string, { Type: string; Properties: { PolicyDocument: { Statement: Statement[] } } }>;

/** One action of one statement of one policy. */
interface Permission {
  readonly policy: string;
  readonly statement: number;
  readonly action: string;
}

const stack = deleting({ jobId: 'a', force: true, cancelFirst: true });

function statementsOf({ template }: SynthesizedStack): [string, Statement[]][] {
  return Object.entries(template.Resources as Resources)
    .filter(([, { Type }]) => Type === 'AWS::IAM::Policy')
    .map(([policy, { Properties }]) => [policy, Properties.PolicyDocument.Statement]);
}

/** Every permission that the template gives in a policy of its own. */
const permissions: Permission[] = statementsOf(stack).flatMap(([policy, statements]) =>
  statements.flatMap(({ Action }, statement) => [Action].flat().map((action) => ({ policy, statement, action }))),
);

function without({ policy, statement, action }: Permission): SynthesizedStack {
  const copy = { ...stack, template: structuredClone(stack.template) };
  const [, statements] = statementsOf(copy).find(([name]) => name === policy)!;
  const left = [statements[statement]!.Action].flat().filter((each) => each !== action);
  if (left.length > 0) {
    statements[statement]!.Action = left;
  } else {
    // A policy needs a statement, and this one allows nothing that anybody does.
    statements[statement] = { Effect: 'Allow', Action: 'none:None', Resource: '*' } as unknown as Statement;
  }
  return copy;
}

/** Deploys the stack and deletes it; says whether that went as it must, its job being gone. */
async function works(template: SynthesizedStack): Promise<boolean> {
  const time = new VirtualTime();
  const account = new Account(time, () => 0.5);
  try {
    account.iot.createJob({ jobId: 'a', status: 'IN_PROGRESS' });
    const created = await account.cloudFormation.createStack(template);
    const deleted = await account.cloudFormation.deleteStack({ stackName: 'S' });
    return (
      created.status === 'CREATE_COMPLETE' && deleted.status === 'DELETE_COMPLETE' && account.iot.job('a') === undefined
    );
  } finally {
    await account.states.close();
    await account.lambda.close();
    time.end();
  }
}

/**
 * What CDK's framework gives itself and a deletion does without. It asks for the function's state when an invocation
 * failed, to wait until the function is active; and its onTimeout, which comes when the waiter's hour is over, would
 * be invoked only if the handler's own deadline, which comes before, did not.
 */
const FRAMEWORKS_OWN = [
  /^JobDeletionProviderWaiterRoleDefaultPolicy\w+\[1\] lambda:GetFunction$/,
  /^JobDeletionProviderframeworkonEventServiceRoleDefaultPolicy\w+\[1\] lambda:GetFunction$/,
  /^JobDeletionProviderwaiterstatemachineRoleDefaultPolicy\w+\[1\] lambda:InvokeFunction$/,
];

const named = ({ policy, statement, action }: Permission): string => `${policy}[${statement}] ${action}`;
const isFrameworksOwn = (permission: Permission): boolean =>
  FRAMEWORKS_OWN.some((pattern) => pattern.test(named(permission)));

test('with all permissions, the stack is deployed and deleted', async () => {
  expect(await works(stack)).toBe(true);
});

test.each(permissions.filter((permission) => !isFrameworksOwn(permission)).map((each) => [named(each), each] as const))(
  'without %s, it is not',
  async (_name, permission) => {
    expect(await works(without(permission))).toBe(false);
  },
);

test("what CDK's framework gives itself and a deletion does without: exactly these", async () => {
  const own = permissions.filter(isFrameworksOwn);
  expect(own).toHaveLength(FRAMEWORKS_OWN.length);
  for (const permission of own) {
    expect({ permission, works: await works(without(permission)) }).toEqual({ permission, works: true });
  }
});
