import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledgeInlinePolicy, acknowledgeStateMachine } from './nag-acknowledgements';

/** What a waiter needs. */
export interface WaiterProps {
  /** The function that looks at the jobs. */
  readonly handler: IFunction;

  /** How long one invocation of the function may take. */
  readonly handlerTimeout: Duration;

  /** Encrypts the executions' data. */
  readonly encryptionKey?: IKey;
}

/** CloudFormation's response URL is valid for two hours: nobody hears an answer after that. */
const LIFETIME = Duration.hours(2);

/**
 * The state machine that waits for a deletion, because a Lambda function that waits costs as much as one that works.
 *
 * It has its function's name. So the function knows the waiter's ARN without being told, and neither needs the other in
 * the template.
 */
export class Waiter extends Construct {
  constructor(scope: Construct, id: string, { handler, handlerTimeout, encryptionKey }: WaiterProps) {
    super(scope, id);
    const invoke = new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      // Inside the role, which costs no resource.
      inlinePolicies: { Invoke: new PolicyDocument({ statements: [invoke] }) },
    });
    const grant = encryptionKey?.grant(role, 'kms:Decrypt', 'kms:GenerateDataKey');
    const stateMachine = new CfnStateMachine(this, 'Resource', {
      stateMachineName: handler.functionName,
      roleArn: role.roleArn,
      definitionString: Stack.of(this).toJsonString(definition(handler.functionArn, handlerTimeout)),
      encryptionConfiguration: encryptionKey && {
        type: 'CUSTOMER_MANAGED_KMS_KEY',
        kmsKeyId: encryptionKey.keyArn,
      },
    });
    grant?.applyBefore(stateMachine);
    acknowledgeInlinePolicy(role);
    acknowledgeStateMachine(stateMachine);
  }
}

/**
 * Looks, pauses and looks again until CloudFormation is answered; and when looking fails for good, asks for a report.
 *
 * A failure that no Catch sees would leave CloudFormation without an answer: the state's size (which the handler
 * bounds), a path that leads nowhere (so each is tested with IsPresent first), a pause that is no whole number.
 */
function definition(functionArn: string, handlerTimeout: Duration): object {
  const retry = [
    {
      // Lambda throttles or is unwell, or the invocation was lost. How long that may last, the machine's end says.
      ErrorEquals: [
        'Lambda.TooManyRequestsException',
        'Lambda.ServiceException',
        'Lambda.AWSLambdaException',
        'Lambda.SdkClientException',
        'Lambda.ClientExecutionTimeoutException',
        'States.Timeout',
      ],
      IntervalSeconds: 1,
      BackoffRate: 2,
      MaxDelaySeconds: 10,
      JitterStrategy: 'FULL',
      MaxAttempts: 1500,
    },
    // The function crashed.
    { ErrorEquals: ['States.ALL'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 3 },
  ];
  const task = {
    Type: 'Task',
    Resource: functionArn,
    TimeoutSeconds: handlerTimeout.toSeconds() + 10,
    ResultPath: '$.Step',
    Retry: retry,
  };
  return {
    Comment: 'Waits until AWS IoT jobs are deleted, then answers CloudFormation',
    StartAt: 'Look',
    TimeoutSeconds: LIFETIME.toSeconds(),
    States: {
      Look: {
        ...task,
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.Failure', Next: 'LookOnceMore' }],
        Next: 'IsAnswered',
      },
      IsAnswered: {
        Type: 'Choice',
        Choices: [
          {
            And: [
              { Variable: '$.Step.Answered', IsPresent: true },
              { Variable: '$.Step.Answered', BooleanEquals: true },
            ],
            Next: 'Answered',
          },
          {
            And: [
              { Variable: '$.Step.PauseSeconds', IsPresent: true },
              { Variable: '$.Step.PauseSeconds', IsNumeric: true },
            ],
            Next: 'Pause',
          },
        ],
        Default: 'LookOnceMore',
      },
      Pause: { Type: 'Wait', SecondsPath: '$.Step.PauseSeconds', Next: 'Look' },
      LookOnceMore: { Type: 'Pass', Result: true, ResultPath: '$.IsLast', Next: 'Report' },
      Report: { ...task, Next: 'Answered' },
      Answered: { Type: 'Succeed' },
    },
  };
}
