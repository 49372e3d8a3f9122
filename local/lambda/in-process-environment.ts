import { Console } from 'node:console';
import * as http from 'node:http';
import * as https from 'node:https';
import { Socket } from 'node:net';
import { resolve } from 'node:path';
import { Writable } from 'node:stream';
import { runInThisContext } from 'node:vm';
import type { Clock } from '../clock';
import {
  type ExecutionEnvironment,
  type FunctionConfiguration,
  type Invocation,
  type Outcome,
  sandboxError,
} from './execution-environment';
import { functionTime, promisedTimers } from './function-time';
import { functionVariables } from './function-variables';
import { ModuleLoader } from './module-loader';
import { reroutedRequest } from './reroute-responses.cjs';
import { contextOf, envelope, findHandler, type Handler } from './runtime.cjs';

/** What a function in this process is given. */
export interface InProcessOptions {
  /** Its time: for Date and timers, its deadline and its timeout. */
  readonly clock: Clock;
  /** Variables beside Lambda's own: region, credentials, endpoint. */
  readonly environment: Readonly<Record<string, string>>;
  /** Folders with the packages that Lambda's runtime brings. */
  readonly packages: readonly string[];
  /** Receives each line that the function writes. */
  readonly log?: (line: string) => void;
}

/**
 * An execution environment in this very process: the function's own code, loaded anew for each environment, with
 * variables, output, time and HTTP of its own.
 *
 * It is for code that one trusts: a function that never ends its turn, or throws where nobody awaits it, takes us along.
 * Closing it cuts its connections, stops its timers and drops what it writes, which is as near to death as it comes.
 */
export class InProcessEnvironment implements ExecutionEnvironment {
  private readonly over = new AbortController();
  private readonly requests = new Set<http.ClientRequest>();
  private readonly variables: Readonly<Record<string, string>>;
  private readonly handler: Promise<Handler>;
  private readonly ended: Promise<string>;
  private end!: (reason: string) => void;

  constructor(
    private readonly configuration: FunctionConfiguration,
    private readonly options: InProcessOptions,
  ) {
    this.variables = functionVariables(configuration, options.environment);
    this.ended = new Promise((end) => (this.end = end));
    const loader = new ModuleLoader(this.surroundings());
    this.handler = findHandler(configuration.handler, (path) =>
      loader.load(resolve(configuration.codeDirectory, path)),
    );
    this.handler.catch(() => undefined);
  }

  async invoke({ requestId, event }: Invocation): Promise<Outcome> {
    const { clock } = this.options;
    const { functionArn, timeoutSeconds } = this.configuration;
    const deadline = clock.now() + timeoutSeconds * 1000;
    const answered = new AbortController();
    const timedOut = clock.sleep(timeoutSeconds * 1000, answered.signal).then(
      () => this.timeOut(requestId),
      () => new Promise<never>(() => undefined),
    );
    const crashed = this.ended.then((reason) => sandboxError('Runtime.ExitError', requestId, reason));
    const context = contextOf(this.variables, { requestId, functionArn, deadline }, () => clock.now());
    try {
      return await Promise.race([this.run(event, context), crashed, timedOut]);
    } finally {
      answered.abort('answered');
    }
  }

  ready(): Promise<boolean> {
    return Promise.resolve(!this.over.signal.aborted);
  }

  close(): Promise<void> {
    this.die('Runtime exited with error: signal: killed');
    return Promise.resolve();
  }

  private async run(event: string, context: object): Promise<Outcome> {
    let handler: Handler;
    try {
      handler = await this.handler;
    } catch (error) {
      this.die('Runtime exited with error: exit status 129');
      return { payload: JSON.stringify(envelope(error)), functionError: 'Unhandled' };
    }
    try {
      const result = await handler(parse(event), context);
      return { payload: JSON.stringify(result ?? null) };
    } catch (error) {
      return { payload: JSON.stringify(envelope(error)), functionError: 'Unhandled' };
    }
  }

  private timeOut(requestId: string): Outcome {
    this.die('Runtime exited without providing a reason');
    const seconds = this.configuration.timeoutSeconds.toFixed(2);
    return sandboxError('Sandbox.Timedout', requestId, `Task timed out after ${seconds} seconds`);
  }

  private die(reason: string): void {
    this.over.abort();
    this.requests.forEach((request) => {
      // The dead hear of nothing, and nobody hears of their errors.
      request.removeAllListeners().on('error', () => undefined);
      request.destroy();
    });
    this.requests.clear();
    this.end(reason);
  }

  private surroundings() {
    const { clock, environment, packages } = this.options;
    const { signal } = this.over;
    const stream = this.output();
    const processOfFunction = Object.create(process, {
      env: { value: this.variables },
      stdout: { value: stream },
      stderr: { value: stream },
      exit: { value: (code = 0) => this.exit(Number(code)) },
    }) as unknown;
    const time = functionTime(clock, signal);
    const plain = { ...http, request: this.tracked(http.request) };
    const secure = { ...https, request: this.tracked(https.request) };
    if (environment.LOCAL_AWS_RESPONSES_URL) {
      secure.request = reroutedRequest(new URL(environment.LOCAL_AWS_RESPONSES_URL), secure.request, plain.request);
    }
    return {
      globals: { ...time, process: processOfFunction, console: new Console(stream, stream) },
      builtins: {
        http: { ...plain, get: ending(plain.request) },
        https: { ...secure, get: ending(secure.request) },
        process: processOfFunction,
        timers: time,
        'timers/promises': promisedTimers(clock, signal),
      },
      packages,
    };
  }

  /** Node's request function, for as long as the function lives. */
  private tracked(send: typeof http.request): typeof http.request {
    return ((...parameters: Parameters<typeof http.request>) => {
      if (this.over.signal.aborted) {
        // The dead get neither an answer nor an error.
        return new http.ClientRequest({ createConnection: () => new Socket() });
      }
      const request = send(...parameters);
      this.requests.add(request);
      request.once('close', () => this.requests.delete(request));
      return request;
    }) as typeof http.request;
  }

  private output(): Writable {
    let rest = '';
    return new Writable({
      decodeStrings: false,
      write: (chunk: string | Buffer, _encoding, done) => {
        const lines = (rest + chunk.toString()).split('\n');
        rest = lines.pop()!;
        if (!this.over.signal.aborted) {
          lines.forEach((line) => this.options.log?.(line));
        }
        done();
      },
    });
  }

  private exit(code: number): never {
    this.die(
      code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: exit status ${code}`,
    );
    throw new Error(`The function has ended its process with ${code}.`);
  }
}

/** `http.get` is a request that ends at once. */
function ending(send: typeof http.request): typeof http.get {
  return ((...parameters: Parameters<typeof http.request>) => {
    const request = send(...parameters);
    request.end();
    return request;
  }) as typeof http.get;
}

/** In Node's own realm, as in a process: tests may run in another. */
const parse = runInThisContext('JSON.parse') as (text: string) => unknown;
