/** A Lambda function's handler. */
export type Handler = (event: unknown, context: object) => unknown;
/** The handler that a name such as `index.handler` stands for; `load` loads the module at a path without an ending. */
export function findHandler(name: string, load: (path: string) => unknown): Promise<Handler>;
/** The context that a handler gets, of the function's environment and one invocation. */
export function contextOf(
  env: Readonly<Record<string, string | undefined>>,
  invocation: { readonly requestId: string; readonly functionArn: string; readonly deadline: number },
  now: () => number,
): object;
/** Lambda's envelope of what a handler has thrown. */
export function envelope(error: unknown): { readonly errorType: string; readonly errorMessage: string };
