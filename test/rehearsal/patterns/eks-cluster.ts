// An EKS cluster: its L1, because the L2 needs a layer with kubectl.
import { App, CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnCluster, CfnNodegroup } from 'aws-cdk-lib/aws-eks';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const vpc = new Vpc(stack, 'Vpc');
const subnetIds = vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_WITH_EGRESS }).subnetIds;
const role = new Role(stack, 'Role', {
  assumedBy: new ServicePrincipal('eks.amazonaws.com'),
  managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonEKSClusterPolicy')],
});
const cluster = new CfnCluster(stack, 'Cluster', { roleArn: role.roleArn, resourcesVpcConfig: { subnetIds } });
new CfnNodegroup(stack, 'Nodes', { clusterName: cluster.ref, nodeRole: role.roleArn, subnets: subnetIds });
new CfnOutput(stack, 'Issuer', { value: Fn.select(2, Fn.split('/', cluster.attrOpenIdConnectIssuerUrl)) });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
