/** A resource, or the outputs, that an operation failed on. */
export interface Failure {
  readonly doing: 'create' | 'update';
  readonly logicalId?: string;
  readonly reason: string;
}

/** What a stack's status says about its failures. */
export function failureReason(failures: readonly Failure[]): string {
  const named = (doing: Failure['doing']): string => {
    const ids = failures.filter((failure) => failure.doing === doing).flatMap((failure) => failure.logicalId ?? []);
    return ids.length > 0 ? `The following resource(s) failed to ${doing}: [${ids.join(', ')}]. ` : '';
  };
  return named('create') + named('update') || `${failures.map((failure) => failure.reason).join('; ')}. `;
}

/** What went wrong. */
export function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
