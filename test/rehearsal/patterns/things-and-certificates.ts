// Things, their policies and certificates.
import { App, Stack } from 'aws-cdk-lib';
import {
  CfnCertificate,
  CfnPolicy,
  CfnPolicyPrincipalAttachment,
  CfnThing,
  CfnThingPrincipalAttachment,
} from 'aws-cdk-lib/aws-iot';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const thing = new CfnThing(stack, 'Thing', { thingName: 'van-1' });
const certificate = new CfnCertificate(stack, 'Certificate', { status: 'ACTIVE', certificateSigningRequest: 'csr' });
const policy = new CfnPolicy(stack, 'Policy', { policyDocument: { Version: '2012-10-17', Statement: [] } });
const principal = certificate.attrArn;
new CfnPolicyPrincipalAttachment(stack, 'PolicyOf', { policyName: policy.ref, principal });
new CfnThingPrincipalAttachment(stack, 'ThingOf', { thingName: thing.ref, principal });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
