import { request } from 'node:http';
import type { ApiRequest, ApiResponse, Service } from '../../local/api';
import { Endpoint } from '../../local/endpoint';

const SIGNATURE = 'AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20261123/us-east-1/echo/aws4_request, SignedHeaders=host';

class Echo implements Service {
  readonly signingName = 'echo';
  readonly requests: ApiRequest[] = [];
  response: ApiResponse = { status: 201, headers: { 'x-from': 'echo' }, body: 'hello' };

  handle(request: ApiRequest): Promise<ApiResponse> {
    this.requests.push(request);
    return Promise.resolve(this.response);
  }
}

describe('the endpoint', () => {
  const echo = new Echo();
  const endpoint = new Endpoint([echo], { region: 'us-east-1' });

  beforeAll(() => endpoint.listen());
  afterAll(() => endpoint.close());

  const send = (authorization?: string, path = '/'): Promise<Response> =>
    fetch(endpoint.url + path, { method: 'POST', body: 'body', headers: authorization ? { authorization } : {} });

  it('hands a request to the service that it was signed for', async () => {
    const response = await send(SIGNATURE, '/jobs/a%2Fb?force=true&x=1?2');
    expect(response.status).toBe(201);
    expect(response.headers.get('x-from')).toBe('echo');
    expect(await response.text()).toBe('hello');
    const [received] = echo.requests;
    expect(received).toMatchObject({ method: 'POST', path: '/jobs/a%2Fb', accessKeyId: 'AKIAEXAMPLE', body: 'body' });
    expect(received?.query.get('force')).toBe('true');
    expect(received?.query.get('x')).toBe('1?2');
    expect(response.headers.get('x-amzn-requestid')).toBe(received?.requestId);
  });

  it('refuses a request without a signature', async () => {
    const response = await send();
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('Missing Authentication Token');
  });

  it('names a service that it does not have', async () => {
    const response = await send(SIGNATURE.replace('echo', 'dynamodb'));
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("no service 'dynamodb', only echo");
  });

  it('refuses a signature for another region', async () => {
    const response = await send(SIGNATURE.replace('us-east-1', 'eu-west-1'));
    expect(response.status).toBe(403);
    expect(await response.text()).toContain("'eu-west-1' is not us-east-1");
  });

  it('refuses a body that is longer than AWS takes, and does not repeat it', async () => {
    const body = 'x'.repeat(64 * 1_048_576);
    const before = echo.requests.length;
    const response = await fetch(endpoint.url, { method: 'POST', body, headers: { authorization: SIGNATURE } });
    expect(response.status).toBe(413);
    expect(response.headers.get('x-amzn-errortype')).toBe('RequestEntityTooLargeException');
    expect(await response.text()).toBe(
      '{"__type":"RequestEntityTooLargeException","message":"The request is larger than the 1048576 bytes that echo takes."}',
    );
    expect(echo.requests).toHaveLength(before);
  });

  it('drops the connection when the service says so', async () => {
    echo.response = { status: 200, disconnect: true };
    const failure = new Promise<NodeJS.ErrnoException>((resolve) => {
      request(endpoint.url, { headers: { authorization: SIGNATURE } })
        .on('error', resolve)
        .end();
    });
    expect((await failure).code).toBe('ECONNRESET');
  });
});

describe('listening', () => {
  it('says when a port is taken', async () => {
    const first = new Endpoint([]);
    await first.listen();
    const port = Number(new URL(first.url).port);
    await expect(new Endpoint([]).listen(port)).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken`);
    await first.close();
  });

  it('has no url before it listens', () => {
    expect(() => new Endpoint([]).url).toThrow('call listen()');
  });

  it('ends connections that are kept alive', async () => {
    const endpoint = new Endpoint([]);
    await endpoint.listen();
    await fetch(endpoint.url);
    await expect(endpoint.close()).resolves.toBeUndefined();
  });
});
