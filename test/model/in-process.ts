import { Readable } from 'node:stream';
import type { Context } from 'aws-lambda';
import type { ApiResponse, Service } from '../../local/api';
import {
  type ExecutionEnvironment,
  type FunctionConfiguration,
  type Invocation,
  type Outcome,
  sandboxError,
} from '../../local/lambda/execution-environment';

/** The part of the SDK's HttpRequest that is needed here. */
interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What the SDK sends its requests with: straight into a service, without a socket. */
export function inProcess(service: Service, accessKeyId: string): { handle(request: SdkRequest): Promise<object> } {
  let requests = 0;
  return {
    handle: async ({ method, path, query = {}, headers, body = '' }: SdkRequest): Promise<object> => {
      const answer: ApiResponse = await service.handle({
        requestId: `request-${++requests}`,
        region: 'us-east-1',
        accessKeyId,
        method,
        path,
        query: new URLSearchParams(query as Record<string, string>),
        headers,
        body: typeof body === 'string' ? body : new TextDecoder().decode(body),
      });
      if (answer.disconnect) {
        throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      }
      const { status, headers: answered = {}, body: text = '' } = answer;
      const lowerCase = Object.fromEntries(
        Object.entries(answered).map(([name, value]) => [name.toLowerCase(), value]),
      );
      return {
        response: { statusCode: status, headers: lowerCase, body: Readable.from(text ? [Buffer.from(text)] : []) },
      };
    },
  };
}

/** What a function is, for one environment. */
export type Handle = (input: unknown, context: Context) => Promise<unknown>;

/** The life of an environment, as what is handed to the function sees it. */
export interface Life {
  readonly isOver: boolean;
  /** The function crashes. Whoever waits for a process that is dead waits for ever. */
  end(): Promise<never>;
}

/** An environment in this very process. A crash is asked for from inside, by what is handed to the function. */
export function environment(configuration: FunctionConfiguration, load: (life: Life) => Handle): ExecutionEnvironment {
  let crashed = (): void => undefined;
  let isOver = false;
  const handle = load({
    get isOver() {
      return isOver;
    },
    end: () => {
      isOver = true;
      crashed();
      return new Promise(() => undefined);
    },
  });
  return {
    async invoke({ requestId, event }: Invocation): Promise<Outcome> {
      const deadline = Date.now() + configuration.timeoutSeconds * 1000;
      const context = {
        invokedFunctionArn: configuration.functionArn,
        getRemainingTimeInMillis: () => deadline - Date.now(),
      } as Context;
      const crash = new Promise<Outcome>((resolve) => {
        crashed = (): void =>
          resolve(sandboxError('Runtime.ExitError', requestId, 'Runtime exited with error: signal: killed'));
      });
      const run = handle(JSON.parse(event), context).then(
        (result): Outcome => ({ payload: JSON.stringify(result ?? null) }),
        ({ name, message, stack = '' }: Error): Outcome => ({
          payload: JSON.stringify({ errorType: name, errorMessage: message, trace: stack.split('\n') }),
          functionError: 'Unhandled',
        }),
      );
      return Promise.race([run, crash]);
    },
    ready: () => Promise.resolve(!isOver),
    close: () => Promise.resolve(),
  };
}
