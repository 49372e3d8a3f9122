/**
 * The embedded AWS for your own tests: `cdk-iot-job-deletion/local`.
 *
 * @example
 * const aws = await LocalAws.start();
 * aws.iot.createJob({ jobId: 'ota-2026-11' });
 * await aws.cloudFormation.createStack(synthesizedStack(app.synth(), 'MyStack'));
 * await aws.cloudFormation.deleteStack({ stackName: 'MyStack' });
 * expect(aws.iot.jobs()).toEqual([]);
 * await aws.close();
 */
export { type Account, exampleAccount } from './account';
export type { LocalAccount } from './accounts';
export {
  assetParameters,
  type NestedStackTemplate,
  nestedTemplates,
  type SynthesizedStack,
  synthesizedStack,
} from './assembly';
export { LocalAws, type LocalAwsOptions } from './aws';
export type { DeclaredJobOptions } from './cloudformation/resource-types/iot-job';
export type { StackEvent, StackResource } from './cloudformation/stack';
export type { StackStatus } from './cloudformation/statuses';
export type {
  CreateStackRequest,
  DeleteStackRequest,
  StackOperation,
  StackRequest,
  StackView,
  UpdateStackRequest,
} from './cloudformation/stack-request';
export type { Stub, StubbedProperty, UncertainCondition } from './cloudformation/stubs';
export type { LocalEnvironment } from './environment';
export type { AuthorisationRequest, Authoriser, PolicyDocument } from './iam/iam';
export type { JobView } from './iot/job';
export type { ListLag } from './iot/job-rules';
export type { NewJob } from './iot/new-job';
export type { Call, JobHistory } from './iot/journal';
