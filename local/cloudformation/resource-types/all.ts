import type { Account } from '../../account';
import type { Clock } from '../../clock';
import type { Iam, PolicyDocument } from '../../iam/iam';
import type { CustomResourceEvent, Deliver } from '../custom-resource';
import { customResource } from '../custom-resource';
import type { ResourceType } from '../resource-type';
import type { CustomResourceResponses } from '../responses';
import { iamResourceTypes } from './iam';
import type { ThingRegistry } from './iot';
import { iotResourceTypes } from './iot';
import type { JobTypeOptions, JobService } from './iot-job';
import { kmsKeyType } from './kms';
import type { Functions } from './lambda';
import { lambdaFunctionType } from './lambda';
import { ssmParameterType } from './ssm';
import type { StateMachines } from './step-functions';
import { stateMachineType } from './step-functions';

/** Functions that can be invoked, too. */
export interface InvocableFunctions extends Functions {
  invoke(nameOrArn: string, payload: string, type: 'Event'): Promise<unknown>;
}

/** The services that resources come to be in. */
export interface ResourceTypesOptions {
  readonly account: Account;
  readonly clock: Clock;
  readonly iam: Iam;
  readonly lambda: InvocableFunctions;
  readonly stepFunctions: StateMachines;
  readonly iot: ThingRegistry & JobService;
  readonly declaredJobs?: JobTypeOptions;
  readonly responses: CustomResourceResponses;
  /** How custom resources' events reach their function; by an asynchronous invocation unless a test has other ideas. */
  readonly deliver?: Deliver;
  /** The account's SSM parameters by name. */
  readonly ssmParameters?: Map<string, string>;
  /** Stands for a managed policy that is not known here; without it, naming one is an error. */
  readonly unknownPolicy?: PolicyDocument;
}

/** Every resource type that can run here by name; a nested stack's is CloudFormation's own. */
export function resourceTypes(options: ResourceTypesOptions): ReadonlyMap<string, ResourceType> {
  const {
    account,
    clock,
    iam,
    lambda,
    stepFunctions,
    iot,
    responses,
    ssmParameters = new Map<string, string>(),
  } = options;
  const deliver = options.deliver ?? invokeFunction(lambda);
  const functionArn = (name: string): string =>
    `arn:aws:lambda:${account.region}:${account.accountId}:function:${name}`;
  return new Map(
    Object.entries({
      ...iamResourceTypes(iam, account.accountId, options.unknownPolicy),
      ...iotResourceTypes(iot, clock, options.declaredJobs),
      'AWS::KMS::Key': kmsKeyType(iam, account),
      'AWS::Lambda::Function': lambdaFunctionType(lambda, functionArn),
      'AWS::StepFunctions::StateMachine': stateMachineType(stepFunctions),
      'AWS::SSM::Parameter': ssmParameterType(ssmParameters),
      'AWS::CloudFormation::CustomResource': customResource({ clock, responses, deliver }),
    }),
  );
}

/** CloudFormation's own way to a function: by its own right, and without waiting for it. */
export function invokeFunction(lambda: InvocableFunctions): Deliver {
  return async (functionArn: string, event: CustomResourceEvent): Promise<void> => {
    await lambda.invoke(functionArn, JSON.stringify(event), 'Event');
  };
}
