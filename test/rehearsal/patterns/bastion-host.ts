// An instance of the newest image, which an SSM parameter of AWS names.
import { App, Stack } from 'aws-cdk-lib';
import { AmazonLinuxCpuType, BastionHostLinux, MachineImage, Vpc } from 'aws-cdk-lib/aws-ec2';
import { JobDeletion } from 'cdk-iot-job-deletion';

const stack = new Stack(new App(), 'Fleet');
const machineImage = MachineImage.latestAmazonLinux2023({ cpuType: AmazonLinuxCpuType.ARM_64 });
new BastionHostLinux(stack, 'Bastion', { vpc: new Vpc(stack, 'Vpc', { natGateways: 0 }), machineImage });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
