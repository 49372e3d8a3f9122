import * as assert from 'node:assert/strict';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { LocalAws, synthesizedStack } from 'cdk-iot-job-deletion/local';

async function main(): Promise<void> {
  const aws = await LocalAws.start();
  try {
    aws.iot.createJob({ jobId: 'ota-2026-11' });
    aws.iot.createJob({ jobId: 'of-somebody-else' });
    const created = await aws.cloudFormation.createStack(synthesizedStack(new CloudAssembly('cdk.out'), 'MyStack'));
    assert.deepEqual([created.status, created.reason], ['CREATE_COMPLETE', undefined]);
    assert.equal(aws.iot.jobs().length, 2);
    const deleted = await aws.cloudFormation.deleteStack({ stackName: 'MyStack' });
    assert.deepEqual([deleted.status, deleted.reason], ['DELETE_COMPLETE', undefined]);
    assert.deepEqual(
      aws.iot.jobs().map(({ jobId }) => jobId),
      ['of-somebody-else'],
    );
  } finally {
    await aws.close();
  }
}

void main();
