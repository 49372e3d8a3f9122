import { ServiceError } from '../api';
import type {
  CreateEnvironment,
  ExecutionEnvironment,
  FunctionConfiguration,
  Invocation,
  Outcome,
} from './execution-environment';

/** An invocation in the queue. */
interface Waiting {
  readonly resolve: (environment: ExecutionEnvironment) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The execution environments of one function: warm ones first, new ones up to a limit, then first come, first served.
 *
 * The limit is per function, so that functions which invoke each other and wait can't take each other's places.
 */
export class EnvironmentPool {
  private readonly environments = new Set<ExecutionEnvironment>();
  /** Those of a configuration that is no more. */
  private readonly outdated = new WeakSet<ExecutionEnvironment>();
  private readonly idle: ExecutionEnvironment[] = [];
  private readonly waiting: Waiting[] = [];
  private readonly closing = new Set<Promise<void>>();
  private closed = false;

  constructor(
    private current: FunctionConfiguration,
    private readonly limit: number,
    private readonly createEnvironment: CreateEnvironment,
  ) {}

  /** The function as it is now. */
  get configuration(): FunctionConfiguration {
    return this.current;
  }

  /** How many environments there are, busy or not. */
  get size(): number {
    return this.environments.size;
  }

  /** Runs an event in the next environment that is free. */
  async invoke(invocation: Invocation): Promise<Outcome> {
    const environment = await this.acquire();
    try {
      return await environment.invoke(invocation);
    } finally {
      this.release(environment);
    }
  }

  /** Changes the function: what runs now ends as it began, what comes next starts cold. */
  update(configuration: FunctionConfiguration): void {
    this.current = configuration;
    this.environments.forEach((environment) => this.outdated.add(environment));
    this.idle.splice(0).forEach((environment) => this.retire(environment));
  }

  /** Ends every environment where it stands: their invocations end as crashes, and what comes next starts cold. */
  crash(): void {
    this.environments.forEach((environment) => this.retire(environment));
  }

  /** Ends every environment, those with running invocations too. */
  async close(): Promise<void> {
    this.closed = true;
    const gone = functionNotFound(this.current.functionArn);
    this.waiting.splice(0).forEach(({ reject }) => reject(gone));
    this.environments.forEach((environment) => this.retire(environment));
    await Promise.all(this.closing);
  }

  private async acquire(): Promise<ExecutionEnvironment> {
    for (let warm = this.idle.pop(); warm; warm = this.idle.pop()) {
      if (await warm.ready()) {
        return warm;
      }
      this.retire(warm);
    }
    if (this.closed) {
      throw functionNotFound(this.current.functionArn);
    }
    if (this.environments.size < this.limit) {
      return this.start();
    }
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  /** Takes an environment back at once, so that a caller's next invocation finds it; acquire() sees what it is good for. */
  private release(environment: ExecutionEnvironment): void {
    if (this.closed || this.outdated.has(environment)) {
      this.retire(environment);
    } else {
      this.idle.push(environment);
    }
    const next = this.waiting.shift();
    if (next) {
      this.acquire().then(next.resolve, next.reject);
    }
  }

  private start(): ExecutionEnvironment {
    const environment = this.createEnvironment(this.current);
    this.environments.add(environment);
    return environment;
  }

  private retire(environment: ExecutionEnvironment): void {
    this.environments.delete(environment);
    const closing = environment.close().finally(() => this.closing.delete(closing));
    this.closing.add(closing);
  }
}

/** Lambda's error for a function that does not exist, or no longer. */
export function functionNotFound(functionArn: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', 404, `Function not found: ${functionArn}`);
}
