import { request as httpRequest, type Agent } from 'node:http';
import { type ServiceModel, shapeOf, type StructureShape } from '../../../local/service-model/service-model';

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came back. */
export interface WireAnswer {
  readonly status: number;
  /** The error's, where it is one. */
  readonly code: string;
  readonly body: string;
}

/** An operation's input in the protocol of its service, unchecked. */
export function encode(model: ServiceModel, operation: string, input: Readonly<Record<string, unknown>>): WireRequest {
  const { method, path, input: name } = model.operations[operation]!;
  switch (model.protocol) {
    case 'query': {
      const parameters = new URLSearchParams({ Action: operation, Version: '2010-05-15' });
      flatten('', input, parameters);
      return { method: 'POST', path: '/', headers: {}, body: parameters.toString() };
    }
    case 'json':
      return {
        method: 'POST',
        path: '/',
        headers: { 'x-amz-target': `AWSStepFunctions.${operation}` },
        body: JSON.stringify(input),
      };
    case 'rest-json':
      return restRequest(method, path, shapeOf(model, name!) as StructureShape, input);
    default:
      return model.protocol satisfies never;
  }
}

function restRequest(
  method: string,
  template: string,
  { members, payload }: StructureShape,
  input: Readonly<Record<string, unknown>>,
): WireRequest {
  const query = new URLSearchParams();
  const headers: Record<string, string> = {};
  const inBody: Record<string, unknown> = {};
  let path = template;
  for (const [name, { location, locationName = name }] of Object.entries(members)) {
    const value = input[name];
    if (value === undefined) {
      continue;
    }
    switch (location) {
      case 'uri':
        path = path.replace(`{${locationName}}`, () => encodeURIComponent(textOf(value)));
        break;
      case 'querystring':
        [value].flat().forEach((each) => query.append(locationName, textOf(each)));
        break;
      case 'header':
        headers[locationName] = encodeURI(textOf(value));
        break;
      case undefined:
        inBody[locationName] = value;
        break;
      default:
        location satisfies never;
    }
  }
  const isEmpty = method === 'GET' || method === 'DELETE';
  const body = isEmpty ? '' : payload === undefined ? JSON.stringify(inBody) : textOf(input[payload] ?? '');
  return { method, path: query.size > 0 ? `${path}?${query.toString()}` : path, headers, body };
}

function flatten(prefix: string, value: unknown, into: URLSearchParams): void {
  const at = (name: string): string => (prefix === '' ? name : `${prefix}.${name}`);
  if (Array.isArray(value)) {
    value.forEach((item, i) => flatten(at(`member.${i + 1}`), item, into));
  } else if (typeof value === 'object' && value !== null) {
    Object.entries(value).forEach(([name, item]) => flatten(at(name), item, into));
  } else if (value !== undefined) {
    into.append(prefix, textOf(value));
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Sends a request, signed for a service, and waits for its answer no longer than five seconds. */
export function send(url: string, service: string, request: WireRequest, agent: Agent): Promise<WireAnswer> {
  const { method, path, headers, body } = request;
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIATEST/20261123/us-east-1/${service}/aws4_request, SignedHeaders=host`;
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      url + path,
      {
        method,
        agent,
        timeout: 5_000,
        headers: { ...headers, authorization, 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () =>
          resolve({
            status: response.statusCode!,
            code: String(response.headers['x-amzn-errortype'] ?? codeIn(text)),
            body: text,
          }),
        );
      },
    );
    sent.on('timeout', () => sent.destroy(new Error(`no answer to ${method} ${path.slice(0, 200)}`)));
    sent.on('error', reject);
    sent.end(body);
  });
}

function codeIn(text: string): string {
  return (/"__type":\s*"([^"]+)"/.exec(text) ?? /<Code>([^<]+)</.exec(text) ?? [])[1] ?? '';
}
