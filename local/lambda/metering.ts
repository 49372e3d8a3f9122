import type { Clock } from '../clock';
import type { ExecutionEnvironment, FunctionConfiguration } from './execution-environment';

/** What Lambda's bill says of one invocation. */
export interface MeteredInvocation {
  readonly functionName: string;
  /** In MB: what a second costs depends on it. */
  readonly memorySize: number;
  /** When its environment took it, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** What it is billed for: a cold start included, waiting for an environment not. */
  readonly milliseconds: number;
}

/** What a bill adds up to. */
export interface Usage {
  readonly invocations: number;
  readonly seconds: number;
  /** As the price list has it: seconds times memory. */
  readonly gigabyteSeconds: number;
  /** How many invocations ran at the same time at most. */
  readonly peakConcurrency: number;
}

/** The environment, with each of its invocations reported when it ends. */
export function metered(
  environment: ExecutionEnvironment,
  { functionName, memorySize }: FunctionConfiguration,
  clock: Clock,
  report: (invocation: MeteredInvocation) => void,
): ExecutionEnvironment {
  return {
    async invoke(invocation) {
      const startedAt = clock.now();
      const outcome = await environment.invoke(invocation);
      // Lambda rounds up to the next millisecond: in virtual time, where computing takes none, to one.
      report({ functionName, memorySize, startedAt, milliseconds: Math.max(1, Math.ceil(clock.now() - startedAt)) });
      return outcome;
    },
    ready: () => environment.ready(),
    close: () => environment.close(),
  };
}

/** Adds invocations up: those of one function, or of all. */
export function usageOf(invocations: readonly MeteredInvocation[]): Usage {
  const sum = (of: (invocation: MeteredInvocation) => number): number =>
    invocations.reduce((total, invocation) => total + of(invocation), 0);
  return {
    invocations: invocations.length,
    seconds: sum(({ milliseconds }) => milliseconds) / 1000,
    gigabyteSeconds: sum(({ milliseconds, memorySize }) => milliseconds * memorySize) / 1000 / 1024,
    peakConcurrency: peakOf(invocations),
  };
}

function peakOf(invocations: readonly MeteredInvocation[]): number {
  const changes = invocations.flatMap(({ startedAt, milliseconds }) => [
    { at: startedAt, by: 1 },
    { at: startedAt + milliseconds, by: -1 },
  ]);
  // One that ends when another begins has made room for it.
  changes.sort((one, other) => one.at - other.at || one.by - other.by);
  let running = 0;
  let peak = 0;
  for (const { by } of changes) {
    running += by;
    peak = Math.max(peak, running);
  }
  return peak;
}
