// A template that was there before CDK.
import { App, Stack } from 'aws-cdk-lib';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { JobDeletion } from 'cdk-iot-job-deletion';

const app = new App();
const stack = new Stack(app, 'Fleet');
const templateFile = join(app.outdir, 'legacy.json');
writeFileSync(
  templateFile,
  JSON.stringify({
    Parameters: { Stage: { Type: 'String', Default: 'beta' } },
    Resources: {
      Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { 'Fn::Sub': '${Stage}-jobs' } } },
      Queue: { Type: 'AWS::SQS::Queue', DependsOn: 'Topic' },
    },
    Outputs: { Name: { Value: { 'Fn::GetAtt': 'Topic.TopicName' } } },
  }),
);
new CfnInclude(stack, 'Legacy', { templateFile });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
