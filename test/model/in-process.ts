import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
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
        body: typeof body === 'string' ? body : Buffer.from(body).toString(),
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
export type Handle = (event: CloudFormationCustomResourceEvent, context: Context) => Promise<unknown>;

/** An environment in this very process. A crash is asked for from inside, by what is handed to the function. */
export function environment(
  configuration: FunctionConfiguration,
  load: (crash: () => Promise<never>) => Handle,
): ExecutionEnvironment {
  let crashed = (): void => undefined;
  let alive = true;
  const handle = load(() => {
    alive = false;
    crashed();
    // Whoever waits for a process that is dead waits for ever.
    return new Promise(() => undefined);
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
      const run = handle(JSON.parse(event) as CloudFormationCustomResourceEvent, context).then(
        (result): Outcome => ({ payload: JSON.stringify(result ?? null) }),
        ({ name, message, stack = '' }: Error): Outcome => ({
          payload: JSON.stringify({ errorType: name, errorMessage: message, trace: stack.split('\n') }),
          functionError: 'Unhandled',
        }),
      );
      return Promise.race([run, crash]);
    },
    ready: () => Promise.resolve(alive),
    close: () => Promise.resolve(),
  };
}

const FRAMEWORK = join(
  dirname(require.resolve('aws-cdk-lib/package.json')),
  'custom-resources/lib/provider-framework/runtime',
);
const sources = new Map<string, string>();

/** CDK's provider framework, its own code, with other ways to reach what it calls. */
export function framework(env: Readonly<Record<string, string>>, outbound: object): Readonly<Record<string, Handle>> {
  const loaded = new Map<string, object>([['./outbound', outbound]]);
  const load = (id: string): object => {
    const known = loaded.get(id);
    if (known || !id.startsWith('./')) {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      return known ?? (require(id) as object);
    }
    const source = sources.get(id) ?? readFileSync(join(FRAMEWORK, `${id}.js`), 'utf8');
    sources.set(id, source);
    const module = { exports: {} };
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
    new Function('require', 'module', 'exports', 'process', 'console', source)(
      load,
      module,
      module.exports,
      { env },
      { log: () => undefined },
    );
    loaded.set(id, module.exports);
    return module.exports;
  };
  return load('./framework') as Record<string, Handle>;
}
