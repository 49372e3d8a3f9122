import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { IoTClient } from '@aws-sdk/client-iot';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import type { Home } from '../../../lambda/aws/place';
import { UsageError } from '../../usage';
import type { DeployTo } from '../options';
import type { BaseConfig, Cdk } from './cdk';

/** Where an emulator finds nothing of a person's own: what its SDKs are told if nobody says otherwise. */
const DUMMY = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' };

/** The account that the credentials are for, at AWS or at an emulator. */
export class Account {
  /** @throws UsageError if there are no credentials that work */
  static async open(cdk: Cdk, { endpoint }: DeployTo): Promise<Account> {
    aim(endpoint);
    try {
      const base = await cdk.baseConfig();
      const region = base.defaultRegion ?? DUMMY.AWS_REGION;
      const sts = new STSClient({ region, credentials: base.credentialProvider });
      const { Account: account = '', Arn = '' } = await sts.send(new GetCallerIdentityCommand());
      return new Account({ account, region, partition: Arn.split(':')[1] ?? 'aws' }, base);
    } catch (error) {
      const where = endpoint ? `at ${endpoint.href}` : 'for AWS';
      throw new UsageError(`There are no credentials ${where} that work: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  private constructor(
    /** Its id, and the region of stacks that name none. */
    readonly home: Home,
    private readonly base: BaseConfig,
  ) {}

  /** Where a stack is deployed. */
  homeOf({ environment }: CloudFormationStackArtifact): Home {
    return environment.region === 'unknown-region' ? this.home : { ...this.home, region: environment.region };
  }

  /** Whether a stack is deployed to this account. */
  has({ environment }: CloudFormationStackArtifact): boolean {
    return environment.account === 'unknown-account' || environment.account === this.home.account;
  }

  cloudFormation(region: string): CloudFormationClient {
    return new CloudFormationClient(this.client(region));
  }

  iot(region: string): IoTClient {
    return new IoTClient(this.client(region));
  }

  /** AWS IoT allows 10 calls of each operation in a second, and the stacks' own functions make some of them. */
  private client(region: string): {
    region: string;
    credentials: BaseConfig['credentialProvider'];
    maxAttempts: number;
  } {
    return { region, credentials: this.base.credentialProvider, maxAttempts: 10 };
  }
}

/** Directs every SDK of this process to an emulator, or makes sure that none is directed to one. */
function aim(endpoint: URL | undefined): void {
  const { env } = process;
  if (!endpoint) {
    if (env.AWS_ENDPOINT_URL) {
      throw new UsageError(
        `AWS_ENDPOINT_URL is ${env.AWS_ENDPOINT_URL}: unset it for --aws, or give it as --endpoint.`,
      );
    }
    return;
  }
  env.AWS_ENDPOINT_URL = endpoint.href;
  // This one would direct them to AWS itself.
  delete env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS;
  if (env.AWS_ACCESS_KEY_ID === undefined && env.AWS_PROFILE === undefined) {
    Object.assign(env, { ...DUMMY, AWS_REGION: env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? DUMMY.AWS_REGION });
  }
}
