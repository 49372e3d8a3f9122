import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { alarm } from '../../examples/alarm';
import { anotherAccount } from '../../examples/another-account';
import { oneJob } from '../../examples/one-job';
import { otaFleet } from '../../examples/ota-fleet';
import { pipeline } from '../../examples/pipeline';
import { sharedProvider } from '../../examples/shared-provider';

test('one job', () => {
  const [template] = templates(oneJob);
  template.hasResourceProperties('Custom::IoTJobDeletion', { JobId: 'ota-2026-11', Force: true });
});

test('a job for each stage of a pipeline', () => {
  const [beta, prod] = templates(pipeline);
  beta.hasResourceProperties('Custom::IoTJobDeletion', { JobId: 'firmware-beta' });
  prod.hasResourceProperties('Custom::IoTJobDeletion', { JobId: 'firmware-prod' });
});

test('a fleet: the thing group goes when the sweep is done', () => {
  const [template] = templates(otaFleet);
  // Sources disagree on what Ref of a thing group returns; the last part of its ARN is its name.
  const nameOfFleet = { 'Fn::Select': [1, { 'Fn::Split': ['/', { 'Fn::GetAtt': ['Fleet', 'Arn'] }] }] };
  template.hasResource('Custom::IoTJobSweep', {
    Properties: { ThingGroupName: nameOfFleet, TargetSelection: 'CONTINUOUS', CancelFirst: true, MaxJobs: 200 },
    DependsOn: Match.arrayWith(['Fleet']),
  });
});

test('a shared provider, in a VPC, for nothing but the OTA jobs', () => {
  const [platform, tomatoes, cucumbers] = templates(sharedProvider);
  platform.resourceCountIs('AWS::Lambda::Function', 1);
  platform.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ JOB_ID_PATTERNS: 'ota-*' }) },
    VpcConfig: Match.anyValue(),
  });
  tomatoes.resourceCountIs('AWS::Lambda::Function', 0);
  tomatoes.hasResourceProperties('Custom::IoTJobDeletion', { JobId: 'ota-tomatoes' });
  cucumbers.hasResourceProperties('Custom::IoTJobDeletion', { JobId: 'ota-cucumbers' });
});

test('another account', () => {
  const [template] = templates(anotherAccount);
  const roleArn = 'arn:aws:iam::222222222222:role/delete-ota-jobs';
  template.hasResourceProperties('Custom::IoTJobDeletion', {
    Region: 'eu-central-1',
    AssumeRole: { RoleArn: roleArn, ExternalId: 'tools' },
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([{ Action: 'sts:AssumeRole', Effect: 'Allow', Resource: roleArn }]),
    },
  });
});

test('an alarm on deletions that fail, by the name of the function that logs them', () => {
  const [template] = templates(alarm);
  const [handler] = Object.keys(template.findResources('AWS::Lambda::Function'));
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'IoTJobDeletion',
    MetricName: 'FailedDeletions',
    Dimensions: [{ Name: 'Function', Value: { Ref: handler } }],
    Statistic: 'Sum',
    Threshold: 1,
    TreatMissingData: 'notBreaching',
  });
});

/** The templates of an example, in the order of its stacks. */
function templates(example: (app: App) => void): [Template, Template, Template] {
  const app = new App();
  example(app);
  const stacks = app.node.findAll().filter((construct) => Stack.isStack(construct));
  return stacks.map((stack) => Template.fromStack(stack)) as [Template, Template, Template];
}
