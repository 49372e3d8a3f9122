import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { IoTClient } from '@aws-sdk/client-iot';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { homeOf } from '../../lambda/aws/place';
import type { Identity } from './plan-document';
import type { PlanCommandOptions } from './plan-options';
import { RememberedJobs } from './remembered-jobs';

/** The account and region that a plan reads. */
export interface PlanAccount {
  readonly identity: Identity;
  readonly region: string;
  readonly cloudFormation: CloudFormationClient;
  readonly jobsIn: (region: string | undefined) => RememberedJobs;
}

/**
 * Finds credentials as the AWS CLI does: by the SDK's own chain, with the environment variables that only the CLI reads.
 *
 * @throws where there are none that work
 */
export async function openAccount({
  stackName,
  endpointUrl: endpoint,
  ...options
}: Pick<PlanCommandOptions, 'stackName' | 'region' | 'profile' | 'endpointUrl'>): Promise<PlanAccount> {
  const { AWS_DEFAULT_PROFILE, AWS_DEFAULT_REGION, AWS_PROFILE, AWS_REGION } = process.env;
  const profile = options.profile ?? AWS_PROFILE ?? AWS_DEFAULT_PROFILE;
  const given = options.region ?? homeOf(stackName)?.region ?? AWS_REGION ?? AWS_DEFAULT_REGION;
  const configuration = {
    ...(given === undefined ? {} : { region: given }),
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
    // All retrying is done by the handler's own Calls.
    maxAttempts: 1,
  };
  const sts = new STSClient(configuration);
  const { Account: account = '', Arn: arn = '' } = await sts.send(new GetCallerIdentityCommand());
  const jobs = new Map<string, RememberedJobs>();
  const region = await sts.config.region();
  return {
    identity: { account, arn },
    region,
    cloudFormation: new CloudFormationClient(configuration),
    jobsIn: (of = region) => {
      const known = jobs.get(of) ?? new RememberedJobs(new IoTClient({ ...configuration, region: of }));
      jobs.set(of, known);
      return known;
    },
  };
}
