/** An error as the SDK throws it. */
export function awsError(name: string, httpStatusCode: number | undefined, message = `${name}!`): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode, requestId: 'request-1' } });
}
