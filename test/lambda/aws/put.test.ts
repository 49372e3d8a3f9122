import { once } from 'node:events';
import * as http from 'node:http';
import type * as Https from 'node:https';
import type { AddressInfo } from 'node:net';
import { put } from '../../../lambda/aws/put';
import { reroutedRequest } from '../../../local/lambda/reroute-responses.cjs';

const URL_OF_ANSWER = 'https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/arn?X-Amz-Signature=a';

interface Received {
  readonly method?: string;
  readonly path?: string;
  readonly type?: string;
  readonly body: string;
}

const received: Received[] = [];
let answer = (response: http.ServerResponse): void => void response.end();
const bucket = http.createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method, url, headers } = request;
    received.push({ method, path: url, type: headers['content-type'], body: Buffer.concat(chunks).toString() });
    answer(response);
  });
});

beforeAll(async () => {
  bucket.listen(0, '127.0.0.1');
  await once(bucket, 'listening');
  const { port } = bucket.address() as AddressInfo;
  const https = jest.requireActual<typeof Https>('node:https');
  const rerouted = reroutedRequest(new URL(`http://127.0.0.1:${port}`), https.request, http.request);
  jest.spyOn(https, 'request').mockImplementation(rerouted);
});
beforeEach(() => received.splice(0));
afterAll(async () => {
  jest.restoreAllMocks();
  bucket.closeAllConnections();
  bucket.close();
  await once(bucket, 'close');
});

test('what is put is the body, under the signed path, without a content type', async () => {
  answer = (response) => void response.end();
  expect(await put(URL_OF_ANSWER, '{"Status":"SÜCCESS"}')).toBe(200);
  expect(received).toEqual([{ method: 'PUT', path: '/arn?X-Amz-Signature=a', type: '', body: '{"Status":"SÜCCESS"}' }]);
});

test('a refusal is a status, not an error', async () => {
  answer = (response) => void response.writeHead(403).end('<Code>AccessDenied</Code>');
  expect(await put(URL_OF_ANSWER, '{}')).toBe(403);
});

test('a connection that breaks is an error, before the answer and in the middle of it', async () => {
  answer = (response) => void response.destroy();
  await expect(put(URL_OF_ANSWER, '{}')).rejects.toThrow('socket hang up');
  answer = (response): void => {
    response.writeHead(200, { 'content-length': '10' });
    response.write('half', () => response.destroy());
  };
  await expect(put(URL_OF_ANSWER, '{}')).rejects.toThrow('aborted');
});
