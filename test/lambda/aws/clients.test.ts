import { once } from 'node:events';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { executionsHere, jobsAt, stacksHere } from '../../../lambda/aws/clients';
import { ROLE } from '../world';

/** STS, which answers as it never does: with success, and without credentials. */
const sts = http.createServer((_request, response) =>
  response.end('<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>'),
);

beforeAll(async () => {
  sts.listen(0, '127.0.0.1');
  await once(sts, 'listening');
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(sts.address() as AddressInfo).port}`,
  });
});
afterAll(async () => {
  sts.closeAllConnections();
  sts.close();
  await once(sts, 'close');
});

test('a place has one client, whose connections and credentials last', () => {
  expect(jobsAt({ region: 'eu-west-1' })).toBe(jobsAt({ region: 'eu-west-1' }));
  expect(jobsAt({ region: 'eu-west-1' })).not.toBe(jobsAt({}));
  expect(stacksHere()).toBe(stacksHere());
  expect(executionsHere()).toBe(executionsHere());
});

test('a role without credentials is an error: the jobs of another account are not those of this one', async () => {
  const jobs = jobsAt({ region: 'us-east-1', assumeRole: { roleArn: ROLE } });
  await expect(jobs.describe('job-1')).rejects.toThrow(`AssumeRole answered without the credentials of ${ROLE}`);
});
