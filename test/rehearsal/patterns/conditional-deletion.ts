// The deletion itself stands under a condition that holds.
import { App, Aws, CfnCondition, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { CfnCustomResource } from 'aws-cdk-lib/aws-cloudformation';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const teardown = new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
const expression = Fn.conditionEquals(Aws.REGION, 'us-east-1');
const isHome = new CfnCondition(stack, 'IsHome', { expression });
for (const child of teardown.node.findAll()) {
  if (
    child instanceof CfnCustomResource ||
    (CfnResource.isCfnResource(child) && /^Custom::/.test(child.cfnResourceType))
  ) {
    child.cfnOptions.condition = isHome;
  }
}
