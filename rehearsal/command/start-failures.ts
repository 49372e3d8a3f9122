import type { LocalAws } from '../../local';

/** Errors of Lambda's runtime that say that a function did not start, or did not survive: trying again changes nothing. */
const DID_NOT_START =
  /^(Runtime\.(ImportModuleError|UserCodeSyntaxError|HandlerNotFound|MalformedHandlerName|CallbackHandlerDeprecated|ExitError)|\w*(SyntaxError|ReferenceError))$/;

/** Lines of its log that a function's end may be explained by: Node shows the source and the stack around an error. */
const LINES = 40;
const SHOWN = 3;

/**
 * Watches the functions of an embedded AWS: Lambda tries one that does not start again and again, and CloudFormation
 * waits for it for an hour. The signal aborts at the first, with the reason.
 */
export class StartFailures {
  private readonly controller = new AbortController();
  private readonly lines = new Map<string, string[]>();

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Keeps the last lines that a function writes. */
  readonly log = (functionName: string, line: string): void => {
    const lines = this.lines.get(functionName) ?? [];
    this.lines.set(functionName, [...lines, line].slice(-LINES));
  };

  watch({ lambda }: LocalAws): void {
    lambda.intercept = async (functionName, _payload, next) => {
      try {
        const outcome = await next();
        const { errorType = '', errorMessage = '' } = errorIn(outcome);
        // A function that has answered may go with its stack before it has ended.
        const isThere = lambda.has(lambda.arnOf(functionName));
        if (outcome.functionError && isThere && DID_NOT_START.test(errorType)) {
          this.report(functionName, errorMessage);
        }
        return outcome;
      } catch (error) {
        const { message, status } = error as Error & { status?: number };
        // A role that can't be assumed; throttling passes, unless it is for good.
        if (status === 403) {
          this.report(functionName, message);
        } else if (status === 429 && lambda.isOff(functionName)) {
          this.report(functionName, 'its ReservedConcurrentExecutions is 0, so Lambda never runs it');
        }
        throw error;
      }
    };
  }

  private report(functionName: string, message: string): void {
    const said = (this.lines.get(functionName) ?? []).filter((line) => line.trim() !== '' && !message.includes(line));
    const error = said.find((line) => /^\w*Error\b/.test(line));
    const details = [message.split('\n')[0]!, ...(error === undefined ? said.slice(-SHOWN) : [error])].join(' · ');
    this.controller.abort(new Error(`The function ${functionName} did not start: ${details}`));
  }
}

function errorIn(outcome: { readonly functionError?: string; readonly payload: string }): {
  errorType?: string;
  errorMessage?: string;
} {
  return outcome.functionError ? (JSON.parse(outcome.payload) as { errorType?: string; errorMessage?: string }) : {};
}
