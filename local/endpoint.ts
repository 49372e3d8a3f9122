import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ServiceError, type ApiRequest, type ApiResponse, type Service } from './api';
import { readBody } from './body';
import { queryErrorResponse } from './query-protocol';

/** What a SigV4 credential scope says: `Credential=AKID/date/region/service/aws4_request`. */
interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

/**
 * The one HTTP endpoint of the embedded AWS, on 127.0.0.1 only: what AWS_ENDPOINT_URL names.
 *
 * A request says in its signature which service it is for. The signature itself is not verified: whoever reaches the
 * loopback interface of this machine is trusted, as the person at the keyboard or as one of the functions they run.
 */
export class Endpoint {
  private readonly services: ReadonlyMap<string, Service>;
  private readonly server: Server;

  constructor(
    services: readonly Service[],
    /** With a region, a request for a service that is not in the one it was signed for is refused, as AWS does. */
    private readonly options: { readonly region?: string } = {},
  ) {
    this.services = new Map(services.map((service) => [service.signingName, service]));
    this.server = createServer((request, response) => void this.serve(request, response));
    // A client that takes a connection from its pool just when Node's five seconds are over reads ECONNRESET.
    this.server.keepAliveTimeout = 0;
  }

  /** Starts to listen; port 0 takes any that is free. */
  async listen(port = 0): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const refuse = (error: NodeJS.ErrnoException): void => {
        reject(error.code === 'EADDRINUSE' ? portTaken(port, error) : error);
      };
      this.server.once('error', refuse);
      this.server.listen(port, '127.0.0.1', () => {
        this.server.off('error', refuse);
        resolve();
      });
    });
  }

  /** Where it listens, such as `http://127.0.0.1:4600`. */
  get url(): string {
    const address = this.server.address() as AddressInfo | null;
    if (!address) {
      throw new Error('The endpoint of the embedded AWS is not listening: call listen() before reading its url.');
    }
    return `http://127.0.0.1:${address.port}`;
  }

  /** Stops listening and ends every connection, idle or not. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    const answer = await this.answer(requestId, request);
    if (answer.disconnect) {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, { 'x-amzn-requestid': requestId, ...answer.headers });
    response.end(answer.body);
  }

  private async answer(requestId: string, request: IncomingMessage): Promise<ApiResponse> {
    let service: string | undefined;
    try {
      const scope = credentialScope(request.headers.authorization);
      ({ service } = scope);
      const chosen = this.serviceIn(scope);
      return await chosen.handle(apiRequest(requestId, scope, request, await readBody(request, service)));
    } catch (error) {
      // What no service has foreseen is a mistake of the embedded AWS, which should say where.
      const known = error instanceof ServiceError ? error : new ServiceError('InternalFailure', 500, String(error));
      return errorResponse(known, service, requestId);
    }
  }

  private serviceIn(scope: CredentialScope): Service {
    const service = this.services.get(scope.service);
    if (!service) {
      const known = [...this.services.keys()].join(', ');
      throw new ServiceError(
        'UnknownService',
        400,
        `The embedded AWS has no service '${scope.service.slice(0, 100)}', only ${known || 'none'}.`,
      );
    }
    const { region } = this.options;
    if (region !== undefined && scope.region !== region && !service.furtherRegions?.includes(scope.region)) {
      const regions = [region, ...(service.furtherRegions ?? [])].join(' or ');
      throw new ServiceError(
        'InvalidSignatureException',
        403,
        `Credential should be scoped to a valid region: '${scope.region.slice(0, 100)}' is not ${regions}, where the embedded AWS has ${scope.service}.`,
      );
    }
    return service;
  }
}

function apiRequest(requestId: string, scope: CredentialScope, request: IncomingMessage, body: string): ApiRequest {
  const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const headers = Object.entries(request.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return {
    requestId,
    region: scope.region,
    accessKeyId: scope.accessKeyId,
    method: request.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body,
  };
}

function credentialScope(authorization = ''): CredentialScope {
  // An access key id holds no slash, but some tools let people choose theirs freely: read the scope from its end.
  const match = /Credential=(.+?)\/\d{8}\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/.exec(authorization);
  const [, accessKeyId, region, service] = match ?? [];
  if (!accessKeyId || !region || !service) {
    throw new ServiceError(
      'MissingAuthenticationTokenException',
      403,
      'Missing Authentication Token: the request carries no SigV4 signature, which says what service it is for.',
    );
  }
  return { accessKeyId, region, service };
}

/** In the service's protocol; where none is known, in the shape that clients of both JSON protocols can read. */
function errorResponse(error: ServiceError, service: string | undefined, requestId: string): ApiResponse {
  return service === 'sts' || service === 'cloudformation'
    ? queryErrorResponse(error, requestId, `https://${service}.amazonaws.com/doc/`)
    : {
        status: error.status,
        headers: { 'content-type': 'application/json', 'x-amzn-errortype': error.code },
        body: JSON.stringify({ __type: error.code, message: error.message }),
      };
}

function portTaken(port: number, cause: Error): Error {
  return new Error(`Port ${port} of 127.0.0.1 is taken by another program: choose another, or 0 for any free one.`, {
    cause,
  });
}
