// Users, and the roles that they have.
import { App, Stack } from 'aws-cdk-lib';
import { CfnIdentityPool, CfnIdentityPoolRoleAttachment, UserPool } from 'aws-cdk-lib/aws-cognito';
import { FederatedPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const users = new UserPool(stack, 'Users');
const client = users.addClient('Client');
const pool = new CfnIdentityPool(stack, 'Pool', {
  allowUnauthenticatedIdentities: false,
  cognitoIdentityProviders: [{ clientId: client.userPoolClientId, providerName: users.userPoolProviderName }],
});
const conditions = { StringEquals: { 'cognito-identity.amazonaws.com:aud': pool.ref } };
const assumedBy = new FederatedPrincipal('cognito-identity.amazonaws.com', conditions, 'sts:AssumeRoleWithWebIdentity');
const { roleArn } = new Role(stack, 'Role', { assumedBy });
new CfnIdentityPoolRoleAttachment(stack, 'Roles', { identityPoolId: pool.ref, roles: { authenticated: roleArn } });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
