import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { IoTClient, type IoTClientConfig } from '@aws-sdk/client-iot';
import { SFNClient } from '@aws-sdk/client-sfn';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Executions } from './executions';
import { Jobs } from './jobs';
import type { Place } from './place';
import { Stacks } from './stacks';

// A call that hangs must end as an error, long before Lambda ends the invocation. Retries: see deletion/calls.ts.
const configuration = {
  maxAttempts: 1,
  requestHandler: new NodeHttpHandler({ connectionTimeout: 3_000, requestTimeout: 8_000, throwOnRequestTimeout: true }),
};

// One client each, whose credentials and connections last as long as the function.
const jobsByPlace = new Map<string, Jobs>();
let stacks: Stacks | undefined;
let executions: Executions | undefined;

/** AWS IoT in a region and account. */
export function jobsAt(place: Place): Jobs {
  const key = JSON.stringify(place);
  const jobs = jobsByPlace.get(key) ?? new Jobs(new IoTClient({ ...configuration, ...credentialsAt(place) }));
  jobsByPlace.set(key, jobs);
  return jobs;
}

/** CloudFormation, where the function is. */
export function stacksHere(): Stacks {
  return (stacks ??= new Stacks(new CloudFormationClient(configuration)));
}

/** Step Functions, where the function is. */
export function executionsHere(): Executions {
  return (executions ??= new Executions(new SFNClient(configuration)));
}

/** The client asks for credentials when it has none, and again before they expire. */
function credentialsAt({ region, assumeRole }: Place): IoTClientConfig {
  if (!assumeRole) {
    return { region };
  }
  const { roleArn, externalId, sessionName = 'cdk-iot-job-deletion' } = assumeRole;
  const sts = new STSClient(configuration);
  const command = new AssumeRoleCommand({ RoleArn: roleArn, ExternalId: externalId, RoleSessionName: sessionName });
  return {
    region,
    credentials: async () => {
      const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = (await sts.send(command)).Credentials ?? {};
      if (!AccessKeyId || !SecretAccessKey) {
        throw new TypeError(`AssumeRole answered without the credentials of ${roleArn}`);
      }
      return {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
        expiration: Expiration,
      };
    },
  };
}
