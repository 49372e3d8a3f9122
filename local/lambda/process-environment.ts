import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import {
  sandboxError,
  type ExecutionEnvironment,
  type FunctionConfiguration,
  type Invocation,
  type Outcome,
} from './execution-environment';
import { functionVariables } from './function-variables';
import { RuntimeApi } from './runtime-api';

/** Lambda's limit for the init phase; from then on it is the function's own timeout that runs. */
const INIT_MILLISECONDS = 10_000;

/** What Node is to load before the function from a layer, which is not here: the function runs without it. */
const FROM_LAYER = /(^|\s)(-r|--require|--import|--loader|--experimental-loader)[\s=]"?\/opt\/[^\s"]*"?/g;

/** How a function's process is started. */
export interface ProcessOptions {
  /** The Node binary. */
  readonly node: string;
  /** CommonJS modules that are loaded before the function, as a layer's wrapper would be. */
  readonly preload: readonly string[];
  /** What the function's process sees beside Lambda's own variables: region, credentials, endpoint. */
  readonly environment: Readonly<Record<string, string>>;
  /** Receives each line that the function writes. */
  readonly log?: (line: string) => void;
}

/**
 * An execution environment that is a Node process of its own, behind the Lambda Runtime API.
 *
 * The process lives in the machine's time, and so do its deadline and timeout. It is not frozen between invocations.
 */
export class ProcessEnvironment implements ExecutionEnvironment {
  private readonly api: RuntimeApi;
  private readonly ended: Promise<string>;
  private process?: ChildProcess;
  private finished = false;

  constructor(
    private readonly configuration: FunctionConfiguration,
    private readonly options: ProcessOptions,
  ) {
    this.api = new RuntimeApi(configuration.functionArn);
    this.ended = this.run();
  }

  async invoke(invocation: Invocation): Promise<Outcome> {
    const timeoutMilliseconds = this.configuration.timeoutSeconds * 1000;
    const { delivered, outcome } = this.api.invoke(invocation, timeoutMilliseconds);
    const over = new AbortController();
    const crashed = this.ended.then((reason) => sandboxError('Runtime.ExitError', invocation.requestId, reason));
    const timedOut = Promise.race([delivered, delay(INIT_MILLISECONDS, undefined, over)])
      .then(() => delay(timeoutMilliseconds, undefined, over))
      .then(() => this.timeOut(invocation.requestId));
    try {
      return await Promise.race([outcome, crashed, timedOut]);
    } finally {
      over.abort();
    }
  }

  async ready(): Promise<boolean> {
    await Promise.race([this.api.polling(), this.ended]);
    return !this.finished;
  }

  async close(): Promise<void> {
    this.finished = true;
    this.process?.kill('SIGKILL');
    await this.ended;
  }

  private timeOut(requestId: string): Outcome {
    void this.close();
    const seconds = this.configuration.timeoutSeconds.toFixed(2);
    return sandboxError('Sandbox.Timedout', requestId, `Task timed out after ${seconds} seconds`);
  }

  /** The life of the process; resolves with Lambda's words for its end. */
  private async run(): Promise<string> {
    try {
      const address = await this.api.listen();
      if (this.finished) {
        return 'Runtime exited without providing a reason';
      }
      return await this.exit(this.start(address));
    } finally {
      this.finished = true;
      this.api.close();
    }
  }

  private start(runtimeApi: string): ChildProcess {
    // Standard input stays open as long as we live: its end tells the process that it has been orphaned.
    const output = this.options.log ? 'pipe' : 'ignore';
    const child = spawn(this.options.node, [join(__dirname, 'bootstrap.cjs')], {
      cwd: this.configuration.codeDirectory,
      env: this.environment(runtimeApi),
      stdio: ['pipe', output, output],
    });
    this.process = child;
    // Writing nothing, we have no use for the EPIPE of a process that is gone.
    child.stdin?.on('error', () => undefined);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) {
        createInterface({ input: stream }).on('line', (line) => this.options.log?.(line));
      }
    }
    return child;
  }

  private exit(child: ChildProcess): Promise<string> {
    return new Promise((resolve) => {
      child.once('error', (error) => resolve(`Runtime could not be started: ${error.message}`));
      child.once('exit', (code, signal) => resolve(exitReason(code, signal)));
    });
  }

  private environment(runtimeApi: string): Record<string, string> {
    const { configuration, options } = this;
    const required = options.preload.map((path) => `--require ${JSON.stringify(path)}`);
    const own = (configuration.environment.NODE_OPTIONS ?? '').replace(FROM_LAYER, '');
    return {
      ...functionVariables(configuration, options.environment),
      AWS_LAMBDA_RUNTIME_API: runtimeApi,
      NODE_OPTIONS: [...required, own].join(' ').trim(),
    };
  }
}

function exitReason(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal) {
    return `Runtime exited with error: signal: ${signal === 'SIGKILL' ? 'killed' : signal}`;
  }
  return code === 0
    ? 'Runtime exited without providing a reason'
    : `Runtime exited with error: exit status ${code ?? 'unknown'}`;
}
