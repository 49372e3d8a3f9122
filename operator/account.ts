import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { fromIni } from '@aws-sdk/credential-provider-ini';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { loadSharedConfigFiles, memoize } from '@smithy/core/config';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Home } from '../lambda/aws/place';
import { requireUrl, UsageError } from '../rehearsal/usage';
import type { Console } from './console';
import { httpHandler } from './network';
import { askForMfaCode } from './question';

/** The options that say where a command works, and as whom: the AWS CLI's, by the same names. */
export interface AccountOptions {
  readonly region?: string;
  readonly profile?: string;
  readonly endpointUrl?: string;
}

/** What a client of the SDK is made with. */
export interface ClientConfiguration {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials: ReturnType<typeof defaultProvider>;
  readonly maxAttempts: number;
  readonly requestHandler: NodeHttpHandler;
}

/** Where a command works, and as whom. */
export interface Account {
  readonly home: Home;
  /** The caller's ARN, as STS says it. */
  readonly arn: string;
  /** The configuration of a service's client, in the account's own region by default. */
  readonly clientOf: (service: 'cloudformation' | 'iot', region?: string) => ClientConfiguration;
  /** Ends all connections. */
  readonly close: () => void;
}

/**
 * Finds region and credentials as the AWS CLI does, and asks STS whose they are.
 *
 * @throws UsageError where a region or a profile is missing
 */
export async function openAccount(options: AccountOptions, console: Console): Promise<Account> {
  const { env } = console;
  if (options.endpointUrl === undefined) {
    ENDPOINT_VARIABLES.forEach((name) => requireUrl(name, env[name] || undefined));
  }
  // The SDK ignores the variables that only the AWS CLI reads, and would work in another region without a word.
  const profile = options.profile || env.AWS_DEFAULT_PROFILE || env.AWS_PROFILE || undefined;
  const profiles = await knownProfiles();
  if (profile !== undefined && !profiles.has(profile)) {
    throw new UsageError(`There is no profile "${profile}" in the AWS CLI's config and credentials files.`);
  }
  const settings = profiles.get(profile ?? 'default') ?? {};
  const region = options.region || env.AWS_REGION || env.AWS_DEFAULT_REGION || settings.region;
  if (!region) {
    throw new UsageError('The region is missing. Give --region, or set AWS_REGION.');
  }
  const requestHandler = httpHandler(env, env.AWS_CA_BUNDLE || settings.ca_bundle);
  const credentials =
    hasKeys(env) && !options.profile ? fromEnv() : chain(profile, settings, { region, requestHandler }, console);
  const configured = (service: string, of: string): ClientConfiguration => ({
    region: of,
    credentials,
    requestHandler,
    // All retrying is done by the handler's own code.
    maxAttempts: 1,
    ...(options.endpointUrl !== undefined && serves(options.endpointUrl, service)
      ? { endpoint: options.endpointUrl }
      : {}),
  });
  const sts = new STSClient({ ...configured('sts', region), maxAttempts: 3 });
  const { Account: account, Arn: arn } = await sts.send(new GetCallerIdentityCommand());
  if (!account || !arn) {
    throw new UsageError(`${options.endpointUrl ?? 'AWS'} does not respond as AWS does: is it the right endpoint?`);
  }
  const [, partition = 'aws'] = arn.split(':');
  return {
    home: { partition, region, account },
    arn,
    clientOf: (service, of = region) => configured(service, of),
    close: () => requestHandler.destroy(),
  };
}

/** Where the SDK looks for an endpoint. It reads a wrong one only when it sends a call, and would try that again and again. */
const ENDPOINT_VARIABLES = ['', '_STS', '_IOT', '_CLOUDFORMATION'].map((service) => `AWS_ENDPOINT_URL${service}`);

/** A guess: a host of AWS's own serves the service that its name has, and an emulator serves all of them. */
function serves(endpointUrl: string, service: string): boolean {
  const { hostname } = new URL(endpointUrl);
  const isOfAws = /\.(amazonaws\.(com(\.cn)?|eu)|api\.aws)$/.test(hostname);
  return !isOfAws || hostname.split('.').some((label) => label === service || label === `${service}-fips`);
}

/**
 * The SDK's own chain: profiles, SSO, assumed roles, containers, instances. A profile that says where its credentials
 * are is the only link: where it fails, the chain would go on to the machine's own role, perhaps in another account.
 */
function chain(
  profile: string | undefined,
  settings: Profile,
  client: Pick<ClientConfiguration, 'region' | 'requestHandler'>,
  console: Console,
): ClientConfiguration['credentials'] {
  const options = {
    ...(profile === undefined ? {} : { profile }),
    // Only where a profile does not say another: the region of SSO is its own.
    parentClientConfig: client,
    // The clients of SSO take nothing else from the one above.
    clientConfig: { requestHandler: client.requestHandler },
    mfaCodeProvider: (serial: string) => askForMfaCode(serial, console),
    // It would warn of keys beside --profile, which wins as in the AWS CLI.
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  };
  return Object.keys(settings).some((key) => SAYS_WHERE.test(key))
    ? memoize(fromIni(options), isExpiring, ({ expiration }) => expiration !== undefined)
    : defaultProvider(options);
}

/** Five minutes before the end, as the SDK's chain does. */
function isExpiring({ expiration }: { readonly expiration?: Date }): boolean {
  return expiration !== undefined && expiration.getTime() - Date.now() < 300_000;
}

function ignore(): void {
  // Nobody is to be told.
}

/** Keys in the environment win over AWS_PROFILE, as in the AWS CLI, and lose against --profile. */
function hasKeys({ AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }: NodeJS.ProcessEnv): boolean {
  return Boolean(AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY);
}

/** The settings of a profile of the AWS CLI's files. */
type Profile = Readonly<Record<string, string | undefined>>;

/** The settings that say where a profile's credentials are. */
const SAYS_WHERE =
  /^(aws_(access_key_id|secret_access_key)|credential_(process|source)|login_session|role_arn|sso_.+|web_identity_token_file)$/;

/** What the AWS CLI knows of each profile: the credentials file wins. */
async function knownProfiles(): Promise<ReadonlyMap<string, Profile>> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  const names = new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)]);
  return new Map([...names].map((name) => [name, { ...configFile[name], ...credentialsFile[name] }]));
}
