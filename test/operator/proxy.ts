import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request as send, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';

/** What trusts the proxy's certificate: it is that of every host of AWS in us-east-1. */
export const CA_BUNDLE = join(__dirname, 'certificates', 'certificate.pem');

/**
 * The proxy of an organisation that looks into encrypted connections. Every host behind it is the embedded AWS.
 */
export class Proxy {
  static async start(awsUrl: string, password?: string): Promise<Proxy> {
    const proxy = new Proxy(awsUrl, password);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  /** What it was asked for: a tunnel to a host, or a request in the clear. */
  readonly asked: string[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor(
    private readonly awsUrl: string,
    private readonly password: string | undefined,
  ) {
    const certificate = {
      cert: readFileSync(CA_BUNDLE),
      key: readFileSync(join(__dirname, 'certificates', 'key.pem')),
    };
    const inside = createTlsServer(certificate, (request, response) => this.forward(request, response));
    this.server = createServer((request, response) => {
      this.asked.push(`${request.method} ${new URL(request.url!).origin}`);
      this.forward(request, response);
    });
    this.server.on('connection', (socket: Socket) => this.sockets.add(socket));
    this.server.on('connect', (request: IncomingMessage, socket: Socket) => {
      this.asked.push(`CONNECT ${request.url}`);
      const isAllowed = this.allows(request);
      socket.write(`HTTP/1.1 ${isAllowed ? '200 OK' : '407 Proxy Authentication Required'}\r\n\r\n`);
      if (isAllowed) {
        inside.emit('connection', socket);
      }
    });
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.server.close(resolve));
  }

  private allows({ headers }: IncomingMessage): boolean {
    const expected = `Basic ${Buffer.from(`me:${this.password}`).toString('base64')}`;
    return this.password === undefined || headers['proxy-authorization'] === expected;
  }

  private forward(request: IncomingMessage, response: ServerResponse): void {
    if (request.url?.startsWith('/federation/credentials')) {
      const roleCredentials = { accessKeyId: 'ofSso', secretAccessKey: 'x', sessionToken: 't', expiration: 4e12 };
      response.end(JSON.stringify({ roleCredentials }));
      return;
    }
    const path = request.url!.replace(/^https?:\/\/[^/]+/, '');
    const { headers, method } = request;
    const onward = send(`${this.awsUrl}${path}`, { headers, method }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }
}
