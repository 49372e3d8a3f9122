import { Token } from 'aws-cdk-lib';

/**
 * Whether a value is known when the app is synthesized. A token is not, and neither is a dynamic reference such as
 * `{{resolve:ssm:/fleet/job}}`, which CloudFormation replaces when it deploys: both are checked by the handler.
 */
export function isLiteral(value: unknown): boolean {
  return !Token.isUnresolved(value) && !isDynamicReference(value);
}

/** Whether a text has a dynamic reference in it: CloudFormation can't take it apart, as it could take a token apart. */
export function isDynamicReference(value: unknown): boolean {
  return typeof value === 'string' && value.includes('{{resolve:');
}

/** Whether a list, and each text in it, is known when the app is synthesized. */
export function isLiteralList(list: readonly string[]): boolean {
  return !Token.isUnresolved(list) && list.every(isLiteral);
}

/** Whether a text looks like the dummy that CDK puts in the place of a value which is yet to be looked up. */
export function looksLookedUp(text: string): boolean {
  return /^dummy/i.test(text);
}
