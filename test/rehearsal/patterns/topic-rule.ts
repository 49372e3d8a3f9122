// A rule that writes what devices report into a table.
import { App, Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnTopicRule } from 'aws-cdk-lib/aws-iot';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const table = new Table(stack, 'Table', { partitionKey: { name: 'thing', type: AttributeType.STRING } });
const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('iot.amazonaws.com') });
table.grantWriteData(role);
const putItem = { tableName: table.tableName };
new CfnTopicRule(stack, 'Rule', {
  topicRulePayload: { sql: "SELECT * FROM 'jobs/#'", actions: [{ dynamoDBv2: { putItem, roleArn: role.roleArn } }] },
});
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
