import { IoTClient, type IoTClientConfig } from '@aws-sdk/client-iot';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { Jobs } from './jobs';
import type { Place } from './properties';

const known = new Map<string, Jobs>();

/** AWS IoT in a region and account: one client each, whose credentials and connections last as long as the function. */
export function jobsAt(place: Place, configuration: IoTClientConfig): Jobs {
  const key = JSON.stringify(place);
  const jobs = known.get(key) ?? new Jobs(new IoTClient({ ...configuration, ...credentialsAt(place) }));
  known.set(key, jobs);
  return jobs;
}

function credentialsAt({ region, assumeRole }: Place): IoTClientConfig {
  if (!assumeRole) {
    return { region };
  }
  const { roleArn, externalId, sessionName = 'cdk-iot-job-deletion' } = assumeRole;
  return {
    region,
    credentials: fromTemporaryCredentials({
      params: { RoleArn: roleArn, ExternalId: externalId, RoleSessionName: sessionName },
    }),
  };
}
