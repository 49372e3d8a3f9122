import { IoTClient } from '@aws-sdk/client-iot';
import type { LocalAws } from '../../local/aws';
import type { Console } from '../../operator/console';
import { runOperator } from '../../operator/main';
import { SCRIPTS } from '../../test/migrating/scripts';
import { boundSeconds, type Contender, type Load } from '../contender';

const LOAD: Load = { jobs: 25, deletionSeconds: 4 };

/** Credentials of the embedded AWS, and nothing of the person's own. */
const ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_REGION: 'us-east-1',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
};

/** The command, in this process and in the embedded AWS's time. */
export const sweepCommand: Contender = {
  name: 'sweep',
  onlyLoad: LOAD,
  obstacle: () => undefined,
  expectedSeconds: boundSeconds,
  deploy: (aws) =>
    Promise.resolve({
      async remove() {
        const own = replaceAwsVariables(ENVIRONMENT);
        try {
          const args = ['--job-id-prefix', 'bench-', '--force', '--yes', '--endpoint-url', aws.endpoint.url];
          return { status: `exit status ${await runOperator('sweep', args, silentConsole(aws))}` };
        } finally {
          replaceAwsVariables(own);
        }
      },
    }),
};

/** Gives the process these variables for AWS and no others; answers with those that it had. */
function replaceAwsVariables(variables: Readonly<Record<string, string>>): Record<string, string> {
  const had = Object.entries(process.env).filter((entry): entry is [string, string] => entry[0].startsWith('AWS_'));
  had.forEach(([name]) => delete process.env[name]);
  Object.assign(process.env, variables);
  return Object.fromEntries(had);
}

/** The fastest of the scripts that delete all jobs: it gives every order, and does not wait until the last ones are gone. */
export const fastestScript = script('S6');

/** The only one of the scripts that ends when all jobs are gone. */
export const patientScript = script('S2');

function script(number: 'S2' | 'S6'): Contender {
  const [name, cleanUp] = Object.entries(SCRIPTS).find(([each]) => each.startsWith(`${number}: `))!;
  return {
    name,
    onlyLoad: LOAD,
    obstacle: () => undefined,
    // S2 waits 10 seconds for each job, and its time is virtual.
    expectedSeconds: ({ jobs }) => jobs * 10,
    deploy: (aws, jobIds) =>
      Promise.resolve({
        async remove() {
          const iot = new IoTClient({
            endpoint: aws.endpoint.url,
            region: 'us-east-1',
            credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
            maxAttempts: 1,
          });
          const sleep = (milliseconds: number): Promise<void> => aws.clock.sleep(milliseconds);
          try {
            await cleanUp({ iot, jobIds, sleep });
            return { status: 'exit status 0' };
          } catch (error) {
            return { status: 'exit status 1', reason: String(error) };
          } finally {
            iot.destroy();
          }
        },
      }),
  };
}

function silentConsole({ clock }: LocalAws): Console {
  const nowhere = { write: (): boolean => true };
  return {
    stdin: process.stdin,
    stdout: nowhere,
    stderr: nowhere,
    env: process.env,
    clock: { now: () => clock.now(), sleep: (milliseconds) => clock.sleep(milliseconds), random: () => 0.5 },
  };
}
