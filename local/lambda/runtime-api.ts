import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Invocation, Outcome } from './execution-environment';

const PREFIX = '/2018-06-01/runtime/';

/** An invocation that the runtime has been given, or will be as soon as it asks. */
interface PendingInvocation extends Invocation {
  readonly timeoutMilliseconds: number;
  readonly onDelivered: () => void;
  readonly onOutcome: (outcome: Outcome) => void;
}

/**
 * The Lambda Runtime API of one execution environment.
 *
 * Each has a server of its own, because AWS_LAMBDA_RUNTIME_API is a host and a port and no more: so AWS's own runtime
 * clients can speak to it too.
 */
export class RuntimeApi {
  private readonly server = createServer((request, response) => void this.serve(request, response));
  /** The runtime's long poll, while there is nothing to do. */
  private poll?: ServerResponse;
  private pending?: PendingInvocation;
  private delivered = false;
  private whenPolling: (() => void)[] = [];

  constructor(private readonly functionArn: string) {
    this.server.keepAliveTimeout = 0;
  }

  /** Starts to listen, and says what AWS_LAMBDA_RUNTIME_API has to be. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, '127.0.0.1', resolve);
    });
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Hands an event to the runtime when it next asks for one. */
  invoke(
    invocation: Invocation,
    timeoutMilliseconds: number,
  ): { readonly delivered: Promise<void>; readonly outcome: Promise<Outcome> } {
    let onDelivered = (): void => undefined;
    let onOutcome: (outcome: Outcome) => void = () => undefined;
    const delivered = new Promise<void>((resolve) => (onDelivered = resolve));
    const outcome = new Promise<Outcome>((resolve) => (onOutcome = resolve));
    this.pending = { ...invocation, timeoutMilliseconds, onDelivered, onOutcome };
    this.delivered = false;
    this.deliver();
    return { delivered, outcome };
  }

  /** Resolves once the runtime waits for its next event. */
  async polling(): Promise<void> {
    if (!this.poll) {
      await new Promise<void>((resolve) => this.whenPolling.push(resolve));
    }
  }

  /** Stops listening and drops the runtime's connection. */
  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request).catch(() => undefined);
    if (body === undefined) {
      return;
    }
    const call = `${request.method} ${request.url?.replace(PREFIX, '')}`;
    if (call === 'GET invocation/next') {
      this.poll = response;
      this.whenPolling.splice(0).forEach((resolve) => resolve());
      this.deliver();
      return;
    }
    const answered = `POST invocation/${this.pending?.requestId}/`;
    if (call === `${answered}response`) {
      this.settle({ payload: body });
    } else if (call === `${answered}error` || call === 'POST init/error') {
      this.settle({ payload: body, functionError: 'Unhandled' });
    } else {
      response.writeHead(403).end(JSON.stringify({ errorType: 'InvalidRequestID', errorMessage: call }));
      return;
    }
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
  }

  private settle(outcome: Outcome): void {
    this.pending?.onOutcome(outcome);
    this.pending = undefined;
  }

  private deliver(): void {
    if (!this.poll || !this.pending || this.delivered) {
      return;
    }
    this.poll.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': this.pending.requestId,
      'lambda-runtime-deadline-ms': String(Date.now() + this.pending.timeoutMilliseconds),
      'lambda-runtime-invoked-function-arn': this.functionArn,
    });
    this.poll.end(this.pending.event);
    this.poll = undefined;
    this.delivered = true;
    this.pending.onDelivered();
  }
}
