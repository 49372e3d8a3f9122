import { Annotations, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Reports a value that is not what it must be: an error that names the construct.
 *
 * On the first run of an app that looks something up, values are CDK's dummies, and an error would end the run before
 * the CLI learns what to look up (aws-cdk #8604). So the error is only noted then. The next run has the real values.
 */
export function reject(scope: IConstruct, message: string): void {
  if (!hasMissingContext(scope)) {
    throw new Error(`${scope.node.path}: ${message}`);
  }
  Annotations.of(scope).addError(message);
}

/** CDK has no public way to ask, and a stack may have been given a value that another one looks up. */
function hasMissingContext(scope: IConstruct): boolean {
  return scope.node.root.node.findAll().some((construct) => {
    const { _missingContext: missing } = construct as { readonly _missingContext?: unknown };
    return Stack.isStack(construct) && Array.isArray(missing) && missing.length > 0;
  });
}
