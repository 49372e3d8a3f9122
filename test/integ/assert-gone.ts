import { DescribeJobCommand, IoTClient, ResourceNotFoundException } from '@aws-sdk/client-iot';

/** Fails unless AWS IoT knows none of the jobs: what integ-runner runs after the destroy. */
async function assertGone(jobIds: readonly string[]): Promise<void> {
  const client = new IoTClient();
  for (const jobId of jobIds) {
    try {
      await client.send(new DescribeJobCommand({ jobId }));
    } catch (error) {
      if (error instanceof ResourceNotFoundException) {
        continue;
      }
      throw error;
    }
    throw new Error(`The job "${jobId}" has outlived its stack.`);
  }
}

void assertGone(process.argv.slice(2));
