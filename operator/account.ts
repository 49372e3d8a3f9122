import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { IoTClient } from '@aws-sdk/client-iot';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { loadSharedConfigFiles } from '@smithy/core/config';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Home } from '../lambda/aws/place';
import { UsageError } from '../rehearsal/usage';
import type { Console } from './console';
import { askForMfaCode } from './question';

/** The options that say where a command works, and as whom: the AWS CLI's, by the same names. */
export interface AccountOptions {
  readonly region?: string;
  readonly profile?: string;
  readonly endpointUrl?: string;
}

/** Where a command works, and as whom. */
export interface Account {
  readonly home: Home;
  /** The caller's ARN, as STS says it. */
  readonly arn: string;
  readonly iot: IoTClient;
}

/** A call that hangs must end as an error. All retrying is done by the handler's own code. */
const CALLS = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 8_000, throwOnRequestTimeout: true },
};

/**
 * Finds region and credentials as the AWS CLI does, and asks STS whose they are.
 *
 * @throws UsageError where a region or a profile is missing
 */
export async function openAccount(options: AccountOptions, console: Console): Promise<Account> {
  const { env } = console;
  // The SDK ignores the variables that only the AWS CLI reads, and would work in another region without a word.
  const profile = options.profile ?? env.AWS_DEFAULT_PROFILE ?? env.AWS_PROFILE;
  const profiles = await knownProfiles();
  if (profile !== undefined && !profiles.has(profile)) {
    throw new UsageError(`There is no profile "${profile}" in the AWS CLI's config and credentials files.`);
  }
  const region =
    options.region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? profiles.get(profile ?? 'default')?.region;
  if (region === undefined) {
    throw new UsageError('The region is missing. Give --region, or set AWS_REGION.');
  }
  const requestHandler = new NodeHttpHandler(CALLS.requestHandler);
  const configuration = {
    ...CALLS,
    requestHandler,
    region,
    credentials: hasKeys(env) && options.profile === undefined ? fromEnv() : chain(profile, region, console),
  };
  const { endpointUrl: endpoint } = options;
  // A guess: a host of AWS's own serves one service, and an emulator serves STS beside AWS IoT.
  const serves = endpoint !== undefined && !/\.amazonaws\.com(\.cn)?$/.test(new URL(endpoint).hostname);
  const sts = new STSClient({ ...configuration, ...(serves ? { endpoint } : {}) });
  const { Account: account = '', Arn: arn = '' } = await sts.send(new GetCallerIdentityCommand());
  sts.destroy();
  const [, partition = 'aws'] = arn.split(':');
  return {
    home: { partition, region, account },
    arn,
    iot: new IoTClient({ ...configuration, ...(endpoint === undefined ? {} : { endpoint }) }),
  };
}

/** The SDK's own chain: profiles, SSO, assumed roles, containers, instances. */
function chain(profile: string | undefined, region: string, console: Console): ReturnType<typeof defaultProvider> {
  return defaultProvider({
    ...(profile === undefined ? {} : { profile }),
    clientConfig: { region },
    mfaCodeProvider: (serial) => askForMfaCode(serial, console),
  });
}

/** Keys in the environment win over AWS_PROFILE, as in the AWS CLI, and lose against --profile. */
function hasKeys({ AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }: NodeJS.ProcessEnv): boolean {
  return Boolean(AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY);
}

async function knownProfiles(): Promise<ReadonlyMap<string, { readonly region?: string }>> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  const names = new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)]);
  return new Map([...names].map((name) => [name, { region: configFile[name]?.region }]));
}
