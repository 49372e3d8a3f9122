import * as cdk from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iot from 'aws-cdk-lib/aws-iot';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { JobDeletion } from '../../../../lib';

export interface FirmwareStackProps extends cdk.StackProps {
  vpc: ec2.IVpc;
}

export class FirmwareStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props: FirmwareStackProps) {
    super(scope, id, props);

    const channel = new cdk.CfnParameter(this, 'Channel', { description: 'Release channel, such as beta' });

    const firmware = new s3.Bucket(this, 'Firmware', {
      removalPolicy: cdk.RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
    });

    const database = new rds.DatabaseInstance(this, 'Inventory', {
      vpc: props.vpc,
      engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }),
      removalPolicy: cdk.RemovalPolicy.DESTROY,
    });

    const devices = new iot.CfnThingGroup(this, 'Devices', { thingGroupName: 'greenhouse-devices' });

    const telemetry = new sqs.Queue(this, 'Telemetry');
    const ingest = new lambda.Function(this, 'Ingest', {
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: 'index.handler',
      code: lambda.Code.fromInline('def handler(event, context):\n    return event\n'),
      vpc: props.vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      environment: { DATABASE: database.dbInstanceEndpointAddress, QUEUE: telemetry.queueUrl },
    });
    firmware.grantRead(ingest);

    new iot.CfnTopicRule(this, 'Rule', {
      topicRulePayload: {
        sql: "SELECT * FROM 'greenhouse/+/telemetry'",
        actions: [{ lambda: { functionArn: ingest.functionArn } }],
      },
    });

    new JobDeletion(this, 'Rollout', { jobId: 'greenhouse-rollout', force: true, deleteBefore: [devices] });
    new JobDeletion(this, 'Beta', { jobId: `greenhouse-${channel.valueAsString}`, deleteBefore: [devices] });

    new cdk.CfnOutput(this, 'FirmwareBucket', { value: firmware.bucketArn });
  }
}
