import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { exampleAccount } from '../../../local/account';
import { systemClock } from '../../../local/clock';
import { Endpoint } from '../../../local/endpoint';
import { Iam, type Authoriser, type Role } from '../../../local/iam/iam';
import { Lambda, type FunctionProperties, type LambdaOptions } from '../../../local/lambda/lambda';
import { StepFunctions } from '../../../local/states/step-functions';

/** A request that the sandbox's own server holds until the test answers it. */
export interface HeldRequest {
  readonly path: string;
  readonly host: string;
  readonly body: string;
  answer(): void;
}

/** Lambda and Step Functions on an endpoint, and a server that functions can call to say that they are there. */
export class Sandbox {
  readonly iam: Iam;
  readonly role: Role;
  readonly lambda: Lambda;
  readonly states: StepFunctions;
  readonly lines: string[] = [];
  private readonly endpoint: Endpoint;
  private readonly directory = mkdtempSync(join(tmpdir(), 'embedded-lambda-'));
  private readonly server: Server;
  private readonly held: HeldRequest[] = [];
  private readonly expected: ((request: HeldRequest) => void)[] = [];
  private readonly clients: { destroy(): void }[] = [];

  private constructor(options: Partial<LambdaOptions> & { readonly authoriser?: Authoriser }) {
    const { authoriser, ...rest } = options;
    const clock = options.clock ?? systemClock;
    this.iam = new Iam(exampleAccount.accountId, authoriser);
    this.role = this.iam.createRole('functions');
    this.lambda = new Lambda({
      account: exampleAccount,
      clock,
      iam: this.iam,
      endpointUrl: () => this.endpoint.url,
      responsesUrl: () => this.url,
      log: (functionName, line) => this.lines.push(`${functionName}: ${line}`),
      ...rest,
    });
    this.states = new StepFunctions({ account: exampleAccount, clock, iam: this.iam, lambda: this.lambda });
    this.endpoint = new Endpoint([this.lambda, this.states]);
    this.server = createServer((request, response) => {
      void text(request).then((body) =>
        this.hold({ path: request.url ?? '', host: request.headers.host ?? '', body, answer: () => end(response) }),
      );
    });
  }

  static async start(options: Partial<LambdaOptions> & { readonly authoriser?: Authoriser } = {}): Promise<Sandbox> {
    const sandbox = new Sandbox(options);
    await sandbox.endpoint.listen();
    await new Promise<void>((resolve) => sandbox.server.listen(0, '127.0.0.1', resolve));
    return sandbox;
  }

  /** Where the sandbox's own server listens. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The next request to the sandbox's own server. */
  async request(): Promise<HeldRequest> {
    return this.held.shift() ?? new Promise((resolve) => this.expected.push(resolve));
  }

  /** A function whose index.js is this source; it finds the sandbox's own server in `SANDBOX`. */
  createFunction(functionName: string, source: string, more: Partial<FunctionProperties> = {}): string {
    const codeDirectory = join(this.directory, functionName);
    mkdirSync(codeDirectory);
    writeFileSync(join(codeDirectory, 'index.js'), source);
    return this.lambda.createFunction({
      functionName,
      codeDirectory,
      handler: 'index.handler',
      environment: { SANDBOX: this.url },
      timeoutSeconds: 30,
      roleArn: this.role.arn,
      runtime: 'nodejs24.x',
      ...more,
    }).arn;
  }

  lambdaClient(accessKeyId = 'AKIAPERSON'): LambdaClient {
    const client = new LambdaClient({ ...this.clientOptions(accessKeyId), maxAttempts: 1 });
    this.clients.push(client);
    return client;
  }

  sfnClient(accessKeyId = 'AKIAPERSON'): SFNClient {
    const client = new SFNClient({ ...this.clientOptions(accessKeyId), maxAttempts: 1 });
    this.clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    this.clients.forEach((client) => client.destroy());
    await this.states.close();
    await this.lambda.close();
    await this.endpoint.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.directory, { recursive: true });
  }

  private clientOptions(accessKeyId: string) {
    return {
      endpoint: this.endpoint.url,
      region: exampleAccount.region,
      credentials: { accessKeyId, secretAccessKey: 'any' },
    };
  }

  private hold(request: HeldRequest): void {
    const expecting = this.expected.shift();
    if (expecting) {
      expecting(request);
    } else {
      this.held.push(request);
    }
  }
}

function end(response: ServerResponse): void {
  response.writeHead(200).end();
}

/** A handler that reports to the sandbox, waits for its answer, and returns its process id. */
export const reportingHandler = `
  exports.handler = async (event) => {
    await fetch(process.env.SANDBOX + '/' + (event.path ?? ''));
    return { pid: process.pid };
  };
`;

/** Whether a process exists. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
