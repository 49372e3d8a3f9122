import type { Clock } from '../clock';
import type { ExecutionEnvironment, FunctionConfiguration } from './execution-environment';

/** What Lambda's bill says of one invocation. */
export interface MeteredInvocation {
  readonly functionName: string;
  /** When its environment took it, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** What it is billed for: a cold start included, waiting for an environment not. */
  readonly milliseconds: number;
}

/** The environment, with each of its invocations reported when it ends. */
export function metered(
  environment: ExecutionEnvironment,
  { functionName }: FunctionConfiguration,
  clock: Clock,
  report: (invocation: MeteredInvocation) => void,
): ExecutionEnvironment {
  return {
    async invoke(invocation) {
      const startedAt = clock.now();
      const outcome = await environment.invoke(invocation);
      report({ functionName, startedAt, milliseconds: clock.now() - startedAt });
      return outcome;
    },
    ready: () => environment.ready(),
    close: () => environment.close(),
  };
}
