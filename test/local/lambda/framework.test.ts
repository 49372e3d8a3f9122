import { dirname, join } from 'node:path';
import { Sandbox, type HeldRequest } from './sandbox';

/** CDK's own provider framework, as it is deployed. */
const framework = join(
  dirname(require.resolve('aws-cdk-lib/package.json')),
  'custom-resources/lib/provider-framework/runtime',
);

const RESPONSE_HOST = 'cloudformation-custom-resource-response-useast1.s3.us-east-1.amazonaws.com';

const request = {
  RequestType: 'Create',
  ResponseURL: `https://${RESPONSE_HOST}/arn%3Aaws%3Acloudformation%3Astack%7Cid?Signature=a%2Fb`,
  StackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/Stack/1',
  RequestId: 'request-1',
  LogicalResourceId: 'Resource',
  ResourceType: 'Custom::Thing',
  ResourceProperties: { ServiceToken: 'token', jobId: 'ota' },
};

describe("CDK's provider framework, unchanged", () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await Sandbox.start();
  });
  afterEach(() => sandbox.close());

  /** Deploys what a Provider synthesizes to, around one function for both slots. */
  function deployProvider(
    handler: string,
    options: { readonly waits?: boolean; readonly maxAttempts?: number } = {},
  ): string {
    const user = sandbox.createFunction('user', handler);
    const create = (entry: string, environment: Record<string, string>): string =>
      sandbox.createFunction(`framework-${entry}`, '', {
        codeDirectory: framework,
        handler: `framework.${entry}`,
        environment,
        timeoutSeconds: 900,
      });
    const slots = { USER_ON_EVENT_FUNCTION_ARN: user, USER_IS_COMPLETE_FUNCTION_ARN: user };
    if (!options.waits) {
      return create('onEvent', { USER_ON_EVENT_FUNCTION_ARN: user });
    }
    const stateMachineArn = sandbox.states.createStateMachine({
      name: 'waiter',
      roleArn: sandbox.role.arn,
      // As WaiterStateMachine synthesizes it.
      definition: JSON.stringify({
        StartAt: 'framework-isComplete-task',
        States: {
          'framework-isComplete-task': {
            End: true,
            Retry: [
              {
                ErrorEquals: ['States.ALL'],
                IntervalSeconds: 1,
                MaxAttempts: options.maxAttempts ?? 10,
                BackoffRate: 1,
              },
            ],
            Catch: [{ ErrorEquals: ['States.ALL'], Next: 'framework-onTimeout-task' }],
            Type: 'Task',
            Resource: create('isComplete', slots),
          },
          'framework-onTimeout-task': { End: true, Type: 'Task', Resource: create('onTimeout', slots) },
        },
      }),
    });
    return create('onEvent', { ...slots, WAITER_STATE_MACHINE_ARN: stateMachineArn });
  }

  /** What CloudFormation is told. */
  async function response(): Promise<HeldRequest & { readonly answered: Record<string, unknown> }> {
    const held = await sandbox.request();
    held.answer();
    return { ...held, answered: JSON.parse(held.body) as Record<string, unknown> };
  }

  it('reports SUCCESS to the response URL', async () => {
    const onEvent = deployProvider(`exports.handler = async (event) =>
      ({ PhysicalResourceId: event.ResourceProperties.jobId, Data: { seen: event.RequestType } });`);
    const invocation = sandbox.lambda.invoke(onEvent, JSON.stringify(request));
    const { answered, host, path } = await response();
    expect(answered).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: 'ota',
      LogicalResourceId: 'Resource',
      RequestId: 'request-1',
      Data: { seen: 'Create' },
    });
    expect(host).toBe(RESPONSE_HOST);
    expect(path).toBe('/arn%3Aaws%3Acloudformation%3Astack%7Cid?Signature=a%2Fb');
    expect(await invocation).toEqual({ payload: 'null' });
  });

  it('reports FAILED with the reason that the handler gives', async () => {
    const onEvent = deployProvider(`exports.handler = async () => { throw new Error('no such luck') };`);
    const invocation = sandbox.lambda.invoke(onEvent, JSON.stringify(request));
    const { answered } = await response();
    expect(answered.Status).toBe('FAILED');
    expect(answered.Reason).toMatch(/^Error: no such luck|^no such luck\n\nLogs: \/aws\/lambda\/user\n/);
    await invocation;
  });

  it('waits with its state machine until isComplete says so', async () => {
    const onEvent = deployProvider(
      `let polls = 0;
       exports.handler = async (event) => event.PhysicalResourceId
         ? { IsComplete: ++polls === 3, ...(polls === 3 ? { Data: { polls } } : {}) }
         : { PhysicalResourceId: 'ota' };`,
      { waits: true },
    );
    await sandbox.lambda.invoke(onEvent, JSON.stringify(request));
    const { answered } = await response();
    expect(answered).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'ota', Data: { polls: 3 } });
    const [execution] = sandbox.states.executions;
    await execution?.finished;
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: 'null' });
  }, 15_000);

  it('reports a time-out when the waiter gives up', async () => {
    const onEvent = deployProvider(
      `exports.handler = async (event) => event.PhysicalResourceId ? { IsComplete: false } : { PhysicalResourceId: 'ota' };`,
      { waits: true, maxAttempts: 1 },
    );
    await sandbox.lambda.invoke(onEvent, JSON.stringify(request));
    const { answered } = await response();
    expect(answered).toMatchObject({ Status: 'FAILED', Reason: 'Operation timed out', PhysicalResourceId: 'ota' });
  }, 15_000);
});
