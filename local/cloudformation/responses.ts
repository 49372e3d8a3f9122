import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ApiResponse } from '../api';
import { type Clock, systemClock } from '../clock';
import { xmlElement } from '../xml';
import { isRecord } from './intrinsic-call';

/** What a custom resource answers with. */
export interface CustomResourceAnswer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId?: string;
  readonly Data?: Readonly<Record<string, unknown>>;
}

/** What identifies one request to a custom resource; an answer must repeat it. */
export interface CustomResourceRequest {
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
}

/** One PUT to a response URL, and what became of it. */
export interface ReceivedAnswer {
  readonly requestId: string;
  readonly logicalId: string;
  readonly body: string;
  /** `effective`: the first good one while CloudFormation waited. `ignored`: any after that. `refused`: answered 400. */
  readonly outcome: 'effective' | 'ignored' | 'refused';
  readonly reason?: string;
}

/** An answer that is waited for. */
export interface AwaitedAnswer {
  readonly responseUrl: string;
  readonly answer: Promise<CustomResourceAnswer>;
  /** Answers that come later are ignored. */
  stopWaiting(): void;
}

interface Waiting extends CustomResourceRequest {
  readonly expiresAt: number;
  resolve?: (answer: CustomResourceAnswer) => void;
}

/** Stands between a PUT and the bucket: to watch, to delay, to break. */
export type InterceptPut = (next: () => Promise<ApiResponse>) => Promise<ApiResponse>;

/** What CloudFormation takes as an answer, and as the physical id in it, at most, in bytes. */
const maxAnswerBytes = 4096;
const maxPhysicalIdBytes = 1024;

/** How long a response URL is good for, in seconds: two hours. */
const urlLifetime = 7200;

/**
 * The bucket behind the response URLs of custom resources.
 *
 * The URLs name CloudFormation's real host; whoever runs the functions reroutes that host to `url`.
 */
export class CustomResourceResponses {
  /** Every answer so far, in the order of their arrival. */
  readonly received: ReceivedAnswer[] = [];
  intercept?: InterceptPut;
  private readonly requests = new Map<string, Waiting>();
  private readonly server: Server;

  constructor(private readonly clock: Clock = systemClock) {
    this.server = createServer((request, response) => void this.serve(request, response));
    this.server.keepAliveTimeout = 0;
  }

  /** Starts to listen, on any port of 127.0.0.1 that is free. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  /** Where it listens. */
  get url(): string {
    const address = this.server.address() as AddressInfo | null;
    if (!address) {
      throw new Error('Custom resources cannot be answered: call listen() before reading the url.');
    }
    return `http://127.0.0.1:${address.port}`;
  }

  /** Stops listening and ends every connection. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  /** Opens a response URL. */
  expect(request: CustomResourceRequest): AwaitedAnswer {
    const [, , , region = ''] = request.StackId.split(':');
    const key = encodeURIComponent(`${request.StackId}|${request.LogicalResourceId}|${request.RequestId}`);
    const path = `/${key.replaceAll('%2F', '/')}`;
    const signedAt = Math.floor(this.clock.now() / 1000) * 1000;
    const date = new Date(signedAt).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const query = new URLSearchParams({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Date': date,
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Expires': String(urlLifetime),
      'X-Amz-Credential': `AKIAEXAMPLE/${date.slice(0, 8)}/${region}/s3/aws4_request`,
      'X-Amz-Signature': randomBytes(32).toString('hex'),
    });
    const waiting: Waiting = { ...request, expiresAt: signedAt + urlLifetime * 1000 };
    const answer = new Promise<CustomResourceAnswer>((resolve) => (waiting.resolve = resolve));
    this.requests.set(`${path}?${query.toString()}`, waiting);
    const host = `cloudformation-custom-resource-response-${region.replaceAll('-', '')}.s3.${region}.amazonaws.com`;
    return {
      responseUrl: `https://${host}${path}?${query.toString()}`,
      answer,
      stopWaiting: () => (waiting.resolve = undefined),
    };
  }

  /** Answers a PUT as the bucket does; `path` is the response URL's, query and all. */
  async put(path: string, body: string): Promise<ApiResponse> {
    const next = (): Promise<ApiResponse> => {
      const { status, code, message = '' } = this.receive(path, body);
      return Promise.resolve(code === undefined ? { status } : s3Error(status, code, message));
    };
    return this.intercept ? this.intercept(next) : next();
  }

  /** Takes an answer that has reached the bucket. */
  receive(path: string, body: string): { readonly status: number; readonly code?: string; readonly message?: string } {
    const waiting = this.requests.get(path);
    if (!waiting) {
      return { status: 403, code: 'SignatureDoesNotMatch', message: 'The request signature does not match.' };
    }
    if (this.clock.now() >= waiting.expiresAt) {
      return { status: 403, code: 'AccessDenied', message: 'Request has expired' };
    }
    const answer = parseAnswer(body, waiting);
    const received = { requestId: waiting.RequestId, logicalId: waiting.LogicalResourceId, body };
    if (typeof answer === 'string') {
      this.received.push({ ...received, outcome: 'refused', reason: answer });
      return { status: 400, code: 'InvalidRequest', message: answer };
    }
    this.received.push({ ...received, outcome: waiting.resolve ? 'effective' : 'ignored' });
    waiting.resolve?.(answer);
    waiting.resolve = undefined;
    return { status: 200 };
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const answer =
      request.method === 'PUT'
        ? await this.put(request.url ?? '', body)
        : s3Error(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.');
    if (answer.disconnect) {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  }
}

/** An error of S3, where the bucket is. */
export function s3Error(status: number, code: string, message: string): ApiResponse {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${xmlElement('Error', { Code: code, Message: message })}`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

/** The answer, or what is wrong with it. */
function parseAnswer(body: string, request: CustomResourceRequest): CustomResourceAnswer | string {
  if (Buffer.byteLength(body) > maxAnswerBytes) {
    return 'Response object is too long.';
  }
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return 'Invalid response object: not JSON.';
  }
  if (!isRecord(answer)) {
    return 'Invalid response object: not an object.';
  }
  for (const name of ['StackId', 'RequestId', 'LogicalResourceId'] as const) {
    if (answer[name] !== request[name]) {
      return `Invalid response object: ${name} is not the request's.`;
    }
  }
  if (answer.Status !== 'SUCCESS' && answer.Status !== 'FAILED') {
    return 'Invalid response object: Status must be SUCCESS or FAILED.';
  }
  for (const name of ['PhysicalResourceId', 'Reason'] as const) {
    if (answer[name] !== undefined && answer[name] !== null && typeof answer[name] !== 'string') {
      return `Invalid response object: Value of property ${name} must be of type String.`;
    }
  }
  if (Buffer.byteLength((answer.PhysicalResourceId as string | null | undefined) ?? '') > maxPhysicalIdBytes) {
    return 'Invalid response object: PhysicalResourceId is too long.';
  }
  if (answer.Data !== undefined && answer.Data !== null && !isRecord(answer.Data)) {
    return 'Invalid response object: Data is not an object.';
  }
  return answer as unknown as CustomResourceAnswer;
}
