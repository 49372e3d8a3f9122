/** A Lambda function as it was created or last updated. */
export interface FunctionConfiguration {
  readonly functionName: string;
  readonly functionArn: string;
  /** The unpacked asset: what Lambda calls the task root. */
  readonly codeDirectory: string;
  /** File and export, such as `index.handler`. */
  readonly handler: string;
  /** The function's own environment variables. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memorySize: number;
  readonly roleArn: string;
  /** What the template asks for, such as `nodejs24.x`; the function runs on the Node that the embedded AWS is given. */
  readonly runtime: string;
  /** The log group that it shares with others; without one it has its own. */
  readonly logGroupName?: string;
  /** The customer's key that its environment is encrypted with. */
  readonly kmsKeyArn?: string;
  /** Whether it works in a VPC of the customer's. */
  readonly inVpc?: boolean;
  /** How many invocations it may have at a time; none: as many as the account. */
  readonly reservedConcurrency?: number;
}

/** One event on its way to a function. */
export interface Invocation {
  readonly requestId: string;
  /** The payload: JSON text. */
  readonly event: string;
}

/** What an invocation came to: the function's result, or Lambda's envelope of its error. */
export interface Outcome {
  /** JSON text. */
  readonly payload: string;
  readonly functionError?: 'Unhandled';
}

/**
 * Where one invocation at a time of a function runs. It keeps its memory between invocations, as a warm start does.
 *
 * Enforcing the function's timeout is its own affair, because it alone knows whose time its function lives in.
 */
export interface ExecutionEnvironment {
  /** Runs one event. Whatever the function does, this resolves: an error of the function is an outcome. */
  invoke(invocation: Invocation): Promise<Outcome>;
  /** Resolves when the next invocation may come, which is a moment after the last outcome; false: it is finished. */
  ready(): Promise<boolean>;
  /** Ends it, and with it an invocation that still runs. */
  close(): Promise<void>;
}

/** Makes the environments that functions run in: a process each, unless somebody knows better. */
export type CreateEnvironment = (configuration: FunctionConfiguration) => ExecutionEnvironment;

/** Lambda's envelope of an error that no function wrote itself: timeouts and crashes. */
export function sandboxError(errorType: string, requestId: string, message: string): Outcome {
  return {
    payload: JSON.stringify({ errorType, errorMessage: `RequestId: ${requestId} Error: ${message}` }),
    functionError: 'Unhandled',
  };
}
