import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { devNull } from 'node:os';
import type { LocalAws } from '../../local/aws';
import type { Contender } from '../contender';

const SCRIPT = `
for id in "$@"; do
  aws iot delete-job --job-id "$id" --force || exit 1
  while aws iot describe-job --job-id "$id" >/dev/null 2>&1; do sleep 1; done
done
`;

/** The AWS CLI takes about as long to start. */
const SECONDS_PER_CALL = 0.8;

/** Nobody learns more from watching it any longer. */
const MOST_SECONDS = 300;

/** The AWS CLI in a loop, one job after the other. */
export const shellLoop: Contender = {
  name: 'shell loop, AWS CLI',
  isProcess: true,
  mostRuns: () => 1,
  obstacle(load) {
    if (awsCliVersion() === undefined) {
      return 'aws is not installed';
    }
    const seconds = this.expectedSeconds(load);
    return seconds > MOST_SECONDS ? `not run: about ${Math.round(seconds / 60)} minutes` : undefined;
  },
  expectedSeconds: ({ jobs, deletionSeconds }) => jobs * (deletionSeconds + 3 * SECONDS_PER_CALL),
  deploy: (aws, jobIds) =>
    Promise.resolve({
      async remove() {
        const [code] = (await once(spawnLoop(aws, jobIds), 'exit')) as [number | null];
        return { status: `exit status ${code}` };
      },
    }),
};

/** What `aws --version` says; nothing where it is not installed. */
export function awsCliVersion(): string | undefined {
  const { stdout, status } = spawnSync('aws', ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim().split(' ')[0] : undefined;
}

function spawnLoop(aws: LocalAws, jobIds: readonly string[]): ReturnType<typeof spawn> {
  return spawn('sh', ['-c', SCRIPT, 'sh', ...jobIds], {
    stdio: 'ignore',
    // The person's own configuration must not lead it to any other AWS.
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      AWS_ENDPOINT_URL: aws.endpoint.url,
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
    },
  });
}
