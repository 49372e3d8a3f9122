// A secret that rotates, and a dynamic reference to it.
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Credentials, DatabaseInstance, DatabaseInstanceEngine, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const secret = new Secret(stack, 'Secret', {
  generateSecretString: { secretStringTemplate: '{"username":"fleet"}', generateStringKey: 'password' },
});
new DatabaseInstance(stack, 'Database', {
  engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16 }),
  credentials: Credentials.fromSecret(secret),
  vpc: new Vpc(stack, 'Vpc'),
});
new CfnOutput(stack, 'User', { value: secret.secretValueFromJson('username').unsafeUnwrap() });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
