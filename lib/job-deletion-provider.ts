import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct, DependencyGroup, type IDependable } from 'constructs';
import { deletionPolicy } from './deletion-policy';
import { FunctionRole } from './function-role';
import type { JobDeletionProviderProps } from './job-deletion-provider-props';
import { isCovered, isPrefixCovered, isValidPattern, PATTERN_RULE } from './job-id';
import { acknowledge, acknowledgeFunction } from './nag-acknowledgements';
import { Waiter } from './waiter';

/** A sweep works three minutes at a time, and must never run into this. */
const HANDLER_TIMEOUT = Duration.minutes(5);

/** Prebuilt by lambda/build.ts. Equally far from lib/ and from the compiled dist/. */
const HANDLER_ASSET = join(__dirname, '..', 'assets', 'handler');

/**
 * What deletes the jobs: a Lambda function that answers CloudFormation itself, and a Step Functions state machine that
 * waits, so that no function does.
 *
 * Each stack has one of its own. Make one yourself only to configure it, or to share it between stacks.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html
 */
export class JobDeletionProvider extends Construct {
  /**
   * The stack's own provider, with the default configuration: made when it is first asked for.
   *
   * @param scope anything in the stack
   * @throws if something else has its place: the error names the construct
   */
  public static getOrCreate(scope: Construct): JobDeletionProvider {
    // CloudFormation refuses to change a resource's ServiceToken: the path must be the same whoever asks first.
    const stack = Stack.of(scope);
    const existing =
      stack.node.tryFindChild('JobDeletionProvider') ?? new JobDeletionProvider(stack, 'JobDeletionProvider');
    if (!(existing instanceof JobDeletionProvider)) {
      throw new Error(
        `${existing.node.path}: the stack's own JobDeletionProvider needs this path, but another construct ` +
          'has it: rename that, or give each JobDeletion its provider.',
      );
    }
    return existing;
  }

  /** What a custom resource names to be served by this provider: the ARN of the handler. */
  public readonly serviceToken: string;

  /** The only jobs that this provider may touch. */
  public readonly jobIdPatterns: string[];

  /** The further regions whose jobs this provider may touch. */
  public readonly regions: string[];

  /** The roles that this provider may assume. */
  public readonly assumableRoles: string[];

  /** The function that deletes the jobs: for alarms on its metrics, say. */
  public readonly handler: lambda.IFunction;

  /**
   * All that a deletion needs. Every custom resource depends on it, so that it is deleted after the last of them: while
   * CloudFormation deletes a stack, and in the clean-up of an update that replaces it. What goes before can't be
   * answered for any more (aws-cdk #5336).
   *
   * @internal
   */
  public readonly _needed: IDependable;

  /**
   * @throws if a pattern, region or role is not what it must be: the error names the construct, the value and the rule
   */
  constructor(scope: Construct, id: string, props: JobDeletionProviderProps = {}) {
    super(scope, id);
    this.jobIdPatterns = this.validPatterns(props.jobIdPatterns ?? ['*']);
    this.regions = this.validRegions(props.regions ?? []);
    this.assumableRoles = this.validRoles(props.assumableRoles ?? []);
    const { jobIdPatterns, regions, assumableRoles } = this;
    const { vpc, vpcSubnets, securityGroups, encryptionKey } = props;

    const logGroup = props.logGroup ?? this.ownLogGroup();
    const role = props.role ?? new FunctionRole(this, 'HandlerRole', { vpc, logGroup });
    // Lambda decrypts a function's environment in the name of its role. CDK leaves it to us to allow that.
    encryptionKey?.grantDecrypt(role);
    const handler = new lambda.Function(this, 'Handler', {
      description: 'Deletes AWS IoT jobs for CloudFormation',
      code: lambda.Code.fromAsset(this.handlerAsset()),
      handler: 'index.handler',
      runtime: lambda.determineLatestNodeRuntime(this),
      memorySize: 256,
      timeout: HANDLER_TIMEOUT,
      loggingFormat: lambda.LoggingFormat.JSON,
      role,
      environmentEncryption: encryptionKey,
      // The handler names its role where IAM refuses it something.
      environment: {
        JOB_ID_PATTERNS: jobIdPatterns.join(','),
        REGIONS: regions.join(','),
        ASSUMABLE_ROLES: assumableRoles.join(','),
        ROLE_ARN: role.roleArn,
      },
      logGroup,
      vpc,
      vpcSubnets,
      securityGroups,
    });
    this.handler = handler;
    this.serviceToken = handler.functionArn;

    const { functionName } = handler;
    const policy = deletionPolicy(this, { functionName, jobIdPatterns, regions, assumableRoles });
    role.attachInlinePolicy(policy);
    const waiter = new Waiter(this, 'Waiter', { handler, handlerTimeout: HANDLER_TIMEOUT, encryptionKey });
    this._needed = new DependencyGroup(policy, waiter);
    acknowledgeFunction(this, vpc !== undefined);
  }

  /**
   * Throws unless this provider may touch the job.
   *
   * @internal
   */
  public _assertCovers(jobId: string, by: Construct): void {
    if (!isCovered(jobId, this.jobIdPatterns)) {
      throw new Error(
        `${by.node.path}: jobId "${jobId}" is outside what the provider ${this.node.path} may touch: ` +
          `add a pattern that covers it to the provider's jobIdPatterns (${this.jobIdPatterns.join(', ')}).`,
      );
    }
  }

  /**
   * Throws unless this provider may touch every job whose id begins like this.
   *
   * @internal
   */
  public _assertCoversPrefix(prefix: string, by: Construct): void {
    if (!isPrefixCovered(prefix, this.jobIdPatterns)) {
      throw new Error(
        `${by.node.path}: jobs that begin with "${prefix}" are outside what the provider ${this.node.path} may touch: ` +
          `add a pattern that covers them all to the provider's jobIdPatterns (${this.jobIdPatterns.join(', ')}).`,
      );
    }
  }

  /**
   * Throws unless this provider may be used in the region, and assume the role.
   *
   * @internal
   */
  public _assertReaches(by: Construct, region: string | undefined, roleArn: string | undefined): void {
    if (region !== undefined && !Token.isUnresolved(region) && !this.regions.includes(region)) {
      throw new Error(
        `${by.node.path}: region "${region}" is not one of the provider ${this.node.path}: add it to its regions ` +
          `(${this.regions.join(', ') || 'none'}).`,
      );
    }
    if (roleArn !== undefined && !Token.isUnresolved(roleArn) && !this.assumableRoles.includes(roleArn)) {
      throw new Error(
        `${by.node.path}: the role "${roleArn}" is not one that the provider ${this.node.path} may assume: add it to ` +
          `its assumableRoles (${this.assumableRoles.join(', ') || 'none'}).`,
      );
    }
  }

  private validPatterns(patterns: string[]): string[] {
    if (patterns.length === 0) {
      throw new Error(
        `${this.node.path}: jobIdPatterns is empty: name at least one pattern, or leave it out for every job.`,
      );
    }
    for (const pattern of patterns) {
      // A token cannot be checked here, and its value must not turn a pattern into something else in the ARN.
      if (Token.isUnresolved(pattern) || !isValidPattern(pattern)) {
        throw new Error(`${this.node.path}: jobIdPatterns: "${pattern}" is not a pattern: ${PATTERN_RULE}.`);
      }
    }
    return [...new Set(patterns)].sort();
  }

  private validRegions(regions: string[]): string[] {
    for (const region of regions) {
      // A token cannot be checked here, and would make the policy's logical id another one each time.
      if (Token.isUnresolved(region) || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
        throw new Error(`${this.node.path}: regions: "${region}" is not a region such as eu-west-1.`);
      }
    }
    return [...new Set(regions)].sort();
  }

  private validRoles(roles: string[]): string[] {
    for (const role of roles) {
      if (Token.isUnresolved(role) || !/^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(role)) {
        throw new Error(
          `${this.node.path}: assumableRoles: "${role}" is not the ARN of a role such as ` +
            'arn:aws:iam::222222222222:role/jobs, spelt out.',
        );
      }
    }
    return [...new Set(roles)].sort();
  }

  private handlerAsset(): string {
    if (!existsSync(HANDLER_ASSET)) {
      throw new Error(`The handler's bundle is missing at ${HANDLER_ASSET}: make it with "npm run build".`);
    }
    return HANDLER_ASSET;
  }

  /** Without one of ours, Lambda would make one that never expires and stays behind. */
  private ownLogGroup(): logs.ILogGroup {
    const logGroup = new logs.LogGroup(this, 'LogGroup', {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledge(logGroup, {
      'NIST.800.53.R5-CloudWatchLogGroupEncrypted':
        'CloudWatch Logs encrypts it with a key of its own; a log group with another key can be given as logGroup.',
    });
    return logGroup;
  }
}
