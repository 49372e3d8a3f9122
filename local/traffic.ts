import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface ServedRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * The HTTP requests that this process sends, and knows as far as they are on their way: from the client's last byte
 * until a server of this process has it whole, and from the end of the response until the client has that.
 */
export class Traffic {
  private readonly sent = new Set<ClientRequest>();
  /** What the servers of this process work on, by the client's port. */
  private readonly served = new Map<number | undefined, ServedRequest>();

  constructor() {
    subscribe('http.client.request.start', this.onSent);
    subscribe('http.server.request.start', this.onServed);
  }

  /** Whether a request or a response is on its way, also to and from servers elsewhere. */
  get isUnderway(): boolean {
    for (const request of this.sent) {
      const { socket } = request;
      if (request.destroyed || (request as { res?: IncomingMessage }).res?.complete) {
        this.sent.delete(request);
      } else if (!this.isWorkedOn(socket)) {
        return true;
      }
    }
    return false;
  }

  /** Forgets everything, and watches no more. */
  close(): void {
    unsubscribe('http.client.request.start', this.onSent);
    unsubscribe('http.server.request.start', this.onServed);
    this.sent.clear();
    this.served.clear();
  }

  private isWorkedOn(socket: Socket | null): boolean {
    const served = this.served.get(socket?.localPort);
    return (
      served !== undefined && served.request.complete && !served.response.writableEnded && !served.response.destroyed
    );
  }

  private readonly onSent = (message: unknown): void => {
    this.sent.add((message as { request: ClientRequest }).request);
  };

  private readonly onServed = (message: unknown): void => {
    const { request, response, socket } = message as ServedRequest & { socket: Socket };
    const port = socket.remotePort;
    const served = { request, response };
    this.served.set(port, served);
    response.once('close', () => {
      if (this.served.get(port) === served) {
        this.served.delete(port);
      }
    });
  };
}
