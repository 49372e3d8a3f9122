import { PassThrough } from 'node:stream';
import type { Console } from '../../operator/console';
import { type OperatorVerb, runOperator } from '../../operator/main';
import { LocalAws, type LocalAwsOptions } from '../../local/aws';
import type { NewJob } from '../../local/iot/new-job';

/** How a command ended, and what it said. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** In milliseconds of the embedded AWS. */
  readonly took: number;
}

/** Credentials of the embedded AWS, and nothing of the person's own. */
export const ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_REGION: 'us-east-1',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
};

const own = { ...process.env };

/** The embedded AWS in virtual time, with jobs. */
export async function startAws(jobs: readonly NewJob[] = [], options: LocalAwsOptions = {}): Promise<LocalAws> {
  Object.assign(process.env, ENVIRONMENT);
  const aws = await LocalAws.start({ virtualTime: true, deletionTime: () => 4_000, ...options });
  jobs.forEach((job) => aws.iot.createJob(job));
  return aws;
}

/** Gives the process its own environment back. */
export async function close(aws: LocalAws): Promise<void> {
  await aws.close();
  process.env = { ...own };
}

/** So many jobs, `ota-0`, `ota-1` and so on, that have ended. */
export function jobs(count: number, rest: Partial<NewJob> = {}): readonly NewJob[] {
  return Array.from({ length: count }, (_, index) => ({
    jobId: `ota-${index}`,
    status: 'COMPLETED' as const,
    ...rest,
  }));
}

/** Runs a command in this process, in the embedded AWS's time. @param typed what is typed at the terminal, if there is one */
export async function run(
  aws: Pick<LocalAws, 'clock'> & { readonly endpoint: Pick<LocalAws['endpoint'], 'url'> },
  verb: OperatorVerb,
  args: readonly string[],
  {
    typed,
    env = process.env,
    endpoint = ['--endpoint-url', aws.endpoint.url],
  }: { readonly typed?: string; readonly env?: NodeJS.ProcessEnv; readonly endpoint?: readonly string[] } = {},
): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr'): Console['stdout'] => ({
    isTTY: typed !== undefined,
    write: (text: string | Uint8Array): boolean => {
      said[name] += String(text);
      return true;
    },
  });
  const stdin = Object.assign(new PassThrough(), { isTTY: typed !== undefined });
  stdin.end(typed ?? '');
  const { clock } = aws;
  const start = clock.now();
  const code = await runOperator(verb, [...args, ...endpoint], {
    stdin,
    stdout: output('stdout'),
    stderr: output('stderr'),
    env,
    clock: { now: () => clock.now(), sleep: (milliseconds) => clock.sleep(milliseconds), random: () => 0.5 },
  });
  return { code, ...said, took: clock.now() - start };
}
