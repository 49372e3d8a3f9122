import {
  CancelJobCommand,
  CreateJobCommand,
  DeleteJobCommand,
  DescribeJobCommand,
  type IoTClient,
  ListJobsCommand,
  type ListJobsCommandOutput,
} from '@aws-sdk/client-iot';

/** What a script works with. */
export interface Surroundings {
  readonly iot: IoTClient;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly jobIds: readonly string[];
}

/** The clean-up scripts that people write, by what they do: each as short as such scripts are, with its faults. */
export const SCRIPTS: Readonly<Record<string, (surroundings: Surroundings) => Promise<void>>> = {
  'S1: list 50, delete each, take the next page': async ({ iot }) => {
    let nextToken: string | undefined;
    do {
      const page: ListJobsCommandOutput = await iot.send(new ListJobsCommand({ maxResults: 50, nextToken }));
      for (const { jobId } of page.jobs ?? []) {
        await iot.send(new DeleteJobCommand({ jobId, force: true }));
      }
      nextToken = page.nextToken;
    } while (nextToken);
  },

  'S2: delete each, retry every 10 seconds until it is not found': async ({ iot, jobIds, sleep }) => {
    for (const jobId of jobIds) {
      for (;;) {
        const error = await iot.send(new DeleteJobCommand({ jobId, force: true })).then(() => undefined, nameOf);
        if (error === 'ResourceNotFoundException') {
          break;
        }
        await sleep(10_000);
      }
    }
  },

  'S3: cancel all, wait 2 seconds, delete all, ignore errors': async ({ iot, jobIds, sleep }) => {
    for (const jobId of jobIds) {
      await iot.send(new CancelJobCommand({ jobId, force: true })).catch(nameOf);
    }
    await sleep(2_000);
    for (const jobId of jobIds) {
      await iot.send(new DeleteJobCommand({ jobId, force: true })).catch(nameOf);
    }
  },

  'S4: list each status, cancel, delete, create with the same id': async ({ iot }) => {
    for (const status of ['IN_PROGRESS', 'SCHEDULED', 'CANCELED', 'COMPLETED'] as const) {
      const { jobs = [] } = await iot.send(new ListJobsCommand({ status }));
      for (const { jobId } of jobs.filter((job) => job.jobId?.startsWith('ota-'))) {
        await iot.send(new CancelJobCommand({ jobId, force: true })).catch(nameOf);
        await iot.send(new DeleteJobCommand({ jobId, force: true }));
        const targets = ['arn:aws:iot:us-east-1:123456789012:thing/gateway'];
        await iot.send(new CreateJobCommand({ jobId, targets, document: '{}' }));
      }
    }
  },

  'S5: list IN_PROGRESS, cancel each': async ({ iot }) => {
    const { jobs = [] } = await iot.send(new ListJobsCommand({ status: 'IN_PROGRESS' }));
    for (const { jobId } of jobs) {
      await iot.send(new CancelJobCommand({ jobId, force: true }));
    }
  },

  'S6: delete each, retry every second, then at once delete what they target': async ({ iot, jobIds, sleep }) => {
    for (const jobId of jobIds) {
      while ((await iot.send(new DeleteJobCommand({ jobId, force: true })).then(() => '', nameOf)) !== '') {
        await sleep(1_000);
      }
    }
    // Here it would delete the things and their group.
  },

  'S7: describe each, delete what is found; run twice': async (surroundings) => {
    const once = async ({ iot, jobIds }: Surroundings): Promise<void> => {
      for (const jobId of jobIds) {
        const found = await iot.send(new DescribeJobCommand({ jobId })).then(
          () => true,
          () => false,
        );
        if (found) {
          await iot.send(new DeleteJobCommand({ jobId, force: true }));
        }
      }
    };
    await once(surroundings).catch(nameOf);
    await once(surroundings);
  },

  'S8: the teardown of 25 parallel tests: delete, ignore errors': async ({ iot, jobIds }) => {
    await Promise.all(jobIds.map((jobId) => iot.send(new DeleteJobCommand({ jobId, force: true })).catch(nameOf)));
  },
};

function nameOf(error: unknown): string {
  return (error as Error).name;
}
