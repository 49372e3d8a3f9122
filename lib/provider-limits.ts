import { Stack, Token } from 'aws-cdk-lib';
import type { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { reject } from './bad-input';
import { parseRoleArn, ROLE_ARN_RULE } from './assumed-role';
import { isValidPattern, PATTERN_RULE } from './job-id';
import { printed } from './prop-types';

/**
 * The policies of a role may have 10,240 bytes in all. In an update the old policy and the new one exist side by side,
 * and the role has a few more permissions.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MAX_POLICY = 5_000;

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_ENVIRONMENT = 4_096;

/** What a token may become at the longest. The ARN of a role has a path of up to 512 characters and a name of 64. */
const LONGEST: Readonly<Record<string, number>> = {
  'AWS::Partition': 'aws-us-gov'.length,
  'AWS::Region': 'ap-southeast-1'.length,
  'AWS::AccountId': 12,
  Ref: 64,
  'Fn::GetAtt': 'arn:aws-us-gov:iam::123456789012:role/'.length + 64,
};
const LONGEST_OTHER = 'arn:aws-us-gov:iam::123456789012:role'.length + 512 + 64;

/** The patterns of a provider, each once and in order: other patterns are another policy. */
export function validPatterns(scope: Construct, patterns: string[]): string[] {
  if (patterns.length === 0) {
    reject(scope, 'jobIdPatterns is empty: name at least one pattern, or leave it out for every job.');
  }
  // A token cannot be checked here, and its value must not turn a pattern into something else in the ARN.
  for (const pattern of patterns.filter((each) => !isValidPattern(each))) {
    reject(scope, `jobIdPatterns: ${printed(pattern)} is not a pattern: ${PATTERN_RULE}.`);
  }
  return [...new Set(patterns)].sort();
}

/** The further regions of a provider, each once and in order. */
export function validRegions(scope: Construct, regions: string[]): string[] {
  // A token cannot be checked here, and would make the policy's logical id another one each time.
  regions.forEach((region) => checkRegion(scope, 'regions:', region));
  return [...new Set(regions)].filter((region) => region !== Stack.of(scope).region).sort();
}

/** Reports what can't be a region: every partition's names have this form. */
export function checkRegion(scope: Construct, what: string, region: string): void {
  if (!/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region)) {
    reject(scope, `${what} ${printed(region)} is not a region such as eu-west-1.`);
  }
}

/** The roles that a provider may assume, each once and in order. */
export function validRoles(scope: Construct, roles: string[]): string[] {
  const byId = new Map<string, string>();
  for (const roleArn of roles) {
    const role = Token.isUnresolved(roles) ? undefined : parseRoleArn(scope, roleArn);
    if (role?.id.includes(',')) {
      reject(
        scope,
        `assumableRoles: ${printed(roleArn)} has a comma, which separates roles in the handler's environment.`,
      );
    }
    if (!role) {
      reject(
        scope,
        `assumableRoles: ${printed(roleArn)} is not ${ROLE_ARN_RULE}, known at synth: spell it out, or give a role of ` +
          'another account a roleName. An update of the permission must not come before the jobs that need it are gone.',
      );
    }
    byId.set(role?.id ?? roleArn, roleArn);
  }
  return [...byId].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, roleArn]) => roleArn);
}

/** Reports what would fail at deployment: IAM and Lambda have limits. */
export function checkSizes(
  scope: Construct,
  policy: PolicyDocument,
  environment: Readonly<Record<string, string>>,
): void {
  const remedy = 'give fewer or wider jobIdPatterns, fewer regions and assumableRoles, or make several providers.';
  const policyBytes = sizeOf(scope, policy.toJSON());
  if (policyBytes > MAX_POLICY) {
    reject(
      scope,
      `the policy may have ${thousands(policyBytes)} bytes, and ${thousands(MAX_POLICY)} is the most: a role may have 10,240, ` +
        `and an update has the old policy and the new one side by side. To shorten it, ${remedy}`,
    );
  }
  const environmentBytes = sizeOf(scope, environment);
  if (environmentBytes > MAX_ENVIRONMENT) {
    reject(
      scope,
      `the handler's environment may have ${thousands(environmentBytes)} bytes, and Lambda takes ` +
        `${thousands(MAX_ENVIRONMENT)}. To shorten it, ${remedy}`,
    );
  }
}

/** The size of a value as JSON, with each token at its longest. */
function sizeOf(scope: Construct, value: unknown): number {
  return Buffer.byteLength(JSON.stringify(atLongest(Stack.of(scope).resolve(value))));
}

function atLongest(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(atLongest);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const [[key, inner] = ['', undefined], ...more] = Object.entries(value) as [string, unknown][];
  if (more.length === 0 && key === 'Fn::Join') {
    const [delimiter, parts] = inner as [string, unknown[]];
    return parts.map(atLongest).join(delimiter);
  }
  if (more.length === 0 && (key === 'Ref' || key.startsWith('Fn::'))) {
    return 'x'.repeat(LONGEST[String(inner)] ?? LONGEST[key] ?? LONGEST_OTHER);
  }
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, atLongest(each)]));
}

function thousands(count: number): string {
  return count.toLocaleString('en-US');
}
