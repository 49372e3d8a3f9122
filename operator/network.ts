import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { HttpRequest } from '@smithy/core/protocols';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { HttpsProxyAgent } from 'hpagent';
import { UsageError } from '../rehearsal/usage';

/** A call that hangs must end as an error. */
const PATIENCE = { connectionTimeout: 3_000, requestTimeout: 8_000, throwOnRequestTimeout: true };

const CONNECTIONS = { keepAlive: true, maxSockets: 50 };

/** The proxies of the environment, and the hosts that need none. */
interface Proxies {
  readonly http?: URL;
  readonly https?: URL;
  readonly excepted: readonly string[];
}

/**
 * Makes what sends the calls: through the proxies of HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and trusting the certificates
 * of AWS_CA_BUNDLE, as the AWS CLI does. Node.js reads such variables only in its newest versions.
 *
 * @param caBundle - the file of AWS_CA_BUNDLE, or of the profile's `ca_bundle`
 * @throws UsageError where a variable can't be used
 */
export function httpHandler(env: NodeJS.ProcessEnv, caBundle: string | undefined): NodeHttpHandler {
  const trusted = caBundle ? { ca: readBundle(caBundle) } : {};
  const proxies = {
    http: proxyOf(env, 'HTTP_PROXY'),
    https: proxyOf(env, 'HTTPS_PROXY'),
    excepted: (variable(env, 'NO_PROXY') ?? '').split(/[\s,]+/).filter(Boolean),
  };
  return new ProxyingHandler(proxies, trusted);
}

/** Sends each request directly or through a proxy. */
class ProxyingHandler extends NodeHttpHandler {
  readonly #proxies: Proxies;
  readonly #tunnels: NodeHttpHandler | undefined;

  constructor(proxies: Proxies, trusted: { readonly ca?: string }) {
    super({ ...PATIENCE, httpsAgent: { ...CONNECTIONS, ...trusted } });
    this.#proxies = proxies;
    const { https: proxy } = proxies;
    if (proxy) {
      // A proxy that never answers must not keep the process alive.
      const options = { ...CONNECTIONS, ...trusted, timeout: PATIENCE.requestTimeout };
      const httpsAgent = new HttpsProxyAgent({ ...options, proxy, proxyRequestOptions: trusted as { ca?: string[] } });
      this.#tunnels = new NodeHttpHandler({ ...PATIENCE, httpsAgent });
    }
  }

  override handle(...[request, options]: Parameters<NodeHttpHandler['handle']>): ReturnType<NodeHttpHandler['handle']> {
    const { excepted, http } = this.#proxies;
    if (isDirect(request, excepted)) {
      return super.handle(request, options);
    }
    return request.protocol === 'https:'
      ? (this.#tunnels?.handle(request, options) ?? super.handle(request, options))
      : super.handle(http ? throughProxy(request, http) : request, options);
  }

  override destroy(): void {
    super.destroy();
    this.#tunnels?.destroy();
  }
}

/** A request without encryption, as a proxy takes it: many allow no tunnel to another port than 443. */
function throughProxy(request: HttpRequest, proxy: URL): HttpRequest {
  const { hostname, path, port } = request;
  const { password, username } = proxy;
  const authorization = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return Object.assign(HttpRequest.clone(request), {
    protocol: proxy.protocol,
    hostname: proxy.hostname,
    port: Number(proxy.port) || undefined,
    path: `http://${hostname}${port === undefined ? '' : `:${port}`}${path}`,
    headers: {
      ...request.headers,
      ...(username || password ? { 'proxy-authorization': `Basic ${authorization.toString('base64')}` } : {}),
    },
  });
}

/** Whether a host needs no proxy: it is this machine, or NO_PROXY names it or a domain of it, with or without a dot. */
function isDirect({ hostname, port, protocol }: HttpRequest, excepted: readonly string[]): boolean {
  const host = hostname.toLowerCase();
  const address = `${host}:${port ?? (protocol === 'https:' ? 443 : 80)}`;
  const isHere = host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));
  return isHere || excepted.some((name) => name === '*' || [host, address].some((of) => isWithin(of, name)));
}

function isWithin(host: string, name: string): boolean {
  const domain = name.toLowerCase().replace(/^\*?\./, '');
  return host === domain || host.endsWith(`.${domain}`);
}

/** The lower-case name wins, as in curl and in the AWS CLI. */
function variable(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return env[name.toLowerCase()] ?? env[name];
}

function proxyOf(env: NodeJS.ProcessEnv, name: string): URL | undefined {
  const text = variable(env, name)?.trim();
  if (!text) {
    return undefined;
  }
  try {
    const url = new URL(/^\w+:\/\//.test(text) ? text : `http://${text.replace(/^\/\//, '')}`);
    decodeURIComponent(url.username + url.password);
    if (/^https?:$/.test(url.protocol)) {
      return url;
    }
  } catch {
    // It is none.
  }
  // Not shown, because it may hold a password.
  throw new UsageError(`${name} takes the URL of an HTTP proxy, such as http://proxy.example.com:8080.`);
}

function readBundle(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`The certificates of AWS_CA_BUNDLE can't be read: ${(error as Error).message}.`);
  }
}
