import { join } from 'node:path';
import { CustomResource, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { stackContender } from '../contender';

/** One custom resource for each job behind a `Provider` with two functions, as the CDK's documentation shows it. */
export const plainProvider = stackContender(
  'N × plain Provider',
  (stack, jobIds) => {
    const code = Code.fromAsset(join(__dirname, 'plain-provider'));
    const [onEventHandler, isCompleteHandler] = ['onEvent', 'isComplete'].map((name) => {
      const handler = new LambdaFunction(stack, name, {
        code,
        handler: `index.${name}`,
        runtime: Runtime.NODEJS_24_X,
        timeout: Duration.minutes(1),
      });
      handler.addToRolePolicy(
        new PolicyStatement({ actions: ['iot:DeleteJob', 'iot:DescribeJob'], resources: ['arn:aws:iot:*:*:job/*'] }),
      );
      return handler;
    });
    const provider = new Provider(stack, 'Provider', { onEventHandler: onEventHandler!, isCompleteHandler });
    for (const jobId of jobIds) {
      new CustomResource(stack, jobId, {
        serviceToken: provider.serviceToken,
        resourceType: 'Custom::Job',
        properties: { jobId },
      });
    }
  },
  // From the eleventh job on it soon fails.
  ({ jobs, deletionSeconds }) => 5 + deletionSeconds + jobs / 8,
);
