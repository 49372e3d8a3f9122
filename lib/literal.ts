import { Token } from 'aws-cdk-lib';

/**
 * Whether a value is known when the app is synthesized. A token is not, and neither is a dynamic reference such as
 * `{{resolve:ssm:/fleet/job}}`, which CloudFormation replaces when it deploys: both are checked by the handler.
 */
export function isLiteral(value: unknown): boolean {
  return !Token.isUnresolved(value) && !(typeof value === 'string' && value.includes('{{resolve:'));
}
