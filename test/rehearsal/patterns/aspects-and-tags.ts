// Tags and an aspect on everything.
import { App, Aspects, CfnResource, Stack, Tags } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
Tags.of(stack).add('team', 'vans');
Aspects.of(stack).add({
  visit(node: IConstruct) {
    if (CfnResource.isCfnResource(node)) {
      node.addMetadata('owner', 'vans');
    }
  },
});
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
