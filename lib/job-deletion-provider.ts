import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, FeatureFlags, Stack, Token } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { USE_CDK_MANAGED_LAMBDA_LOGGROUP } from 'aws-cdk-lib/cx-api';
import { Construct, type IDependable } from 'constructs';
import { deletionPolicy } from './deletion-policy';
import { FunctionRole } from './function-role';
import { isCovered, isPrefixCovered, isValidPattern, PATTERN_RULE } from './job-id';
import { acknowledge, acknowledgeFunctions, acknowledgeInvocations, acknowledgeWaiter } from './nag-acknowledgements';

/**
 * How a provider works, and which jobs it may touch.
 */
export interface JobDeletionProviderProps {
  /**
   * The only jobs that this provider may touch: job ids in which `*` and `?` stand for any characters, such as
   * `ota-*`. At least one; 1 to 64 characters of `[a-zA-Z0-9_*?-]` each.
   *
   * The permissions are made from these patterns and never from the jobs, so that an update can still delete a job
   * that has left the app. For the same reason, narrow the patterns in a later deployment than the one in which the
   * last job outside them leaves.
   *
   * @default ['*'] - every job of the stack's account and region
   */
  readonly jobIds?: string[];

  /**
   * Further regions whose jobs this provider may touch, such as `eu-west-1`. Like the patterns, narrow them only after
   * the last job there has left the app.
   *
   * @default - the stack's own region alone
   */
  readonly regions?: string[];

  /**
   * The ARNs of the roles that this provider may assume to delete jobs of other accounts. Like the patterns, take one
   * away only after the last job that needs it has left the app.
   *
   * @default - none
   */
  readonly assumableRoles?: string[];

  /**
   * How long Step Functions waits between two looks at a job whose deletion takes longer than a few seconds: whole
   * seconds, 1 to 60.
   *
   * @default Duration.seconds(5)
   */
  readonly queryInterval?: Duration;

  /**
   * Where the provider's functions write their logs.
   *
   * @default - each function's own `/aws/lambda/…`; a single log group for all of them where the feature flag
   * `@aws-cdk/aws-lambda:useCdkManagedLogGroup` is on
   */
  readonly logGroup?: logs.ILogGroup;

  /**
   * The VPC to run the provider's functions in. They need a way to AWS IoT, CloudFormation, Lambda, Step Functions and
   * Amazon S3 from there.
   *
   * @default - no VPC
   */
  readonly vpc?: ec2.IVpc;

  /**
   * Where in the VPC. Only with `vpc`.
   *
   * @default - the VPC's default strategy
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The security groups of the provider's functions. Only with `vpc`.
   *
   * @default - a new one for each function
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * The role of the function that deletes the jobs. Lambda must be able to assume it, and it must be able to write
   * logs (and to work in the VPC, if there is one); what the deletion needs, and to decrypt the environment, is added
   * to it.
   *
   * @default - a new role
   */
  readonly role?: iam.IRole;

  /**
   * The key that encrypts the environment variables of the provider's functions, whose roles may then decrypt with it.
   *
   * @default - a key that AWS Lambda owns
   */
  readonly environmentEncryption?: kms.IKey;
}

/** The waiter must outlast every deletion; CloudFormation ends each of them after an hour at the latest. */
const WAITER_SECONDS = 3600;

/**
 * A sweep works three minutes at a time, and must never run into this. Less than the six minutes after which a NAT
 * gateway drops the connection of the framework's function, which waits for it.
 */
const HANDLER_TIMEOUT = Duration.minutes(5);

/** Prebuilt by lambda/build.ts. Equally far from lib/ and from the compiled dist/. */
const HANDLER_ASSET = join(__dirname, '..', 'assets', 'handler');

/**
 * What deletes the jobs: one Lambda function behind CDK's provider framework, whose Step Functions state machine does
 * the waiting.
 *
 * Each stack has one of its own. Make one yourself only to configure it, or to share it between stacks.
 *
 * @see https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources-readme.html#provider-framework
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

  /** What a custom resource names to be served by this provider: the ARN of the framework's function. */
  public readonly serviceToken: string;

  /** The only jobs that this provider may touch. */
  public readonly jobIds: string[];

  /** The further regions whose jobs this provider may touch. */
  public readonly regions: string[];

  /** The roles that this provider may assume. */
  public readonly assumableRoles: string[];

  /** The function that deletes the jobs: for alarms on its metrics, say. */
  public readonly handler: lambda.IFunction;

  /**
   * What allows the handler to delete jobs. Every custom resource depends on it, so that it goes after the last of
   * them: while CloudFormation deletes a stack, and in the clean-up of an update that replaces it.
   *
   * @internal
   */
  public readonly _policy: IDependable;

  /**
   * @throws if a pattern or the interval is not what it must be: the error names the construct, the value and the rule
   */
  constructor(scope: Construct, id: string, props: JobDeletionProviderProps = {}) {
    super(scope, id);
    this.jobIds = this.validPatterns(props.jobIds ?? ['*']);
    this.regions = this.validRegions(props.regions ?? []);
    this.assumableRoles = this.validRoles(props.assumableRoles ?? []);
    const queryInterval = this.validInterval(props.queryInterval ?? Duration.seconds(5));

    const logGroup = props.logGroup ?? this.managedLogGroup();
    const { vpc, vpcSubnets, securityGroups, environmentEncryption } = props;
    const handlerRole = props.role ?? new FunctionRole(this, 'HandlerRole', { vpc, logGroup });
    const onEventRole = new FunctionRole(this, 'OnEventRole', { vpc, logGroup });
    const waiterRole = new FunctionRole(this, 'WaiterRole', { vpc, logGroup });
    // Lambda decrypts a function's environment in the name of its role. CDK leaves it to us to allow that.
    [handlerRole, onEventRole, waiterRole].forEach((role) => environmentEncryption?.grantDecrypt(role));

    const handler = new lambda.Function(this, 'Handler', {
      description: 'Deletes AWS IoT jobs for CloudFormation',
      code: lambda.Code.fromAsset(this.handlerAsset()),
      handler: 'index.handler',
      runtime: lambda.determineLatestNodeRuntime(this),
      memorySize: 256,
      timeout: HANDLER_TIMEOUT,
      loggingFormat: lambda.LoggingFormat.JSON,
      role: handlerRole,
      environmentEncryption,
      // The handler names its role where IAM refuses it something.
      environment: {
        JOB_ID_PATTERNS: this.jobIds.join(','),
        REGIONS: this.regions.join(','),
        ASSUMABLE_ROLES: this.assumableRoles.join(','),
        ROLE_ARN: handlerRole.roleArn,
      },
      logGroup,
      vpc,
      vpcSubnets,
      securityGroups,
    });
    this.handler = handler;

    const policy = deletionPolicy(this, {
      jobIds: this.jobIds,
      regions: this.regions,
      assumableRoles: this.assumableRoles,
    });
    handlerRole.attachInlinePolicy(policy);
    this._policy = policy;
    // The function alone: its role, which is inside it too, is what the policy is attached to.
    handler.node.defaultChild!.node.addDependency(this._policy);

    const provider = new Provider(this, 'Provider', {
      onEventHandler: handler,
      isCompleteHandler: handler,
      queryInterval,
      totalTimeout: Duration.seconds(WAITER_SECONDS - (WAITER_SECONDS % queryInterval.toSeconds())),
      frameworkOnEventRole: onEventRole,
      frameworkCompleteAndTimeoutRole: waiterRole,
      providerFunctionEnvEncryption: environmentEncryption,
      logGroup,
      vpc,
      vpcSubnets,
      securityGroups,
    });
    this.serviceToken = provider.serviceToken;

    this.settleFindings(provider);
    acknowledgeInvocations(onEventRole, [handler.functionArn]);
    acknowledgeInvocations(waiterRole, [handler.functionArn]);
    acknowledgeFunctions(this, vpc !== undefined);
  }

  /**
   * Throws unless this provider may touch the job.
   *
   * @internal
   */
  public _assertCovers(jobId: string, by: Construct): void {
    if (!isCovered(jobId, this.jobIds)) {
      throw new Error(
        `${by.node.path}: jobId "${jobId}" is outside what the provider ${this.node.path} may touch: ` +
          `add a pattern that covers it to the provider's jobIds (${this.jobIds.join(', ')}).`,
      );
    }
  }

  /**
   * Throws unless this provider may touch every job whose id begins like this.
   *
   * @internal
   */
  public _assertCoversPrefix(prefix: string, by: Construct): void {
    if (!isPrefixCovered(prefix, this.jobIds)) {
      throw new Error(
        `${by.node.path}: jobs that begin with "${prefix}" are outside what the provider ${this.node.path} may touch: ` +
          `add a pattern that covers them all to the provider's jobIds (${this.jobIds.join(', ')}).`,
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
      throw new Error(`${this.node.path}: jobIds is empty: name at least one pattern, or leave it out for every job.`);
    }
    for (const pattern of patterns) {
      // A token cannot be checked here, and its value must not turn a pattern into something else in the ARN.
      if (Token.isUnresolved(pattern) || !isValidPattern(pattern)) {
        throw new Error(`${this.node.path}: jobIds: "${pattern}" is not a pattern: ${PATTERN_RULE}.`);
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

  private validInterval(interval: Duration): Duration {
    // A look that comes later than the minute would find CloudFormation's own time-out before our reason reaches it.
    const seconds = interval.toSeconds({ integral: false });
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > 60) {
      throw new Error(`${this.node.path}: queryInterval must be whole seconds from 1 to 60, but is ${seconds} s.`);
    }
    return interval;
  }

  private handlerAsset(): string {
    if (!existsSync(HANDLER_ASSET)) {
      throw new Error(`The handler's bundle is missing at ${HANDLER_ASSET}: make it with "npm run build".`);
    }
    return HANDLER_ASSET;
  }

  /** With the flag, each of the four functions would bring a log group: one for all costs less and reads better. */
  private managedLogGroup(): logs.ILogGroup | undefined {
    if (!FeatureFlags.of(this).isEnabled(USE_CDK_MANAGED_LAMBDA_LOGGROUP)) {
      return undefined;
    }
    const logGroup = new logs.LogGroup(this, 'LogGroup');
    acknowledge(logGroup, {
      'NIST.800.53.R5-CloudWatchLogGroupEncrypted':
        'CloudWatch Logs encrypts it with a key of its own; a log group with another key can be given as logGroup.',
    });
    return logGroup;
  }

  /** What cdk-nag finds in the framework's own: mended where it can be, acknowledged where it can't. */
  private settleFindings(provider: Provider): void {
    const functions = provider.node.children.filter((child) => child instanceof lambda.Function);
    for (const each of functions) {
      // Lambda's own default, but said.
      (each.node.defaultChild as lambda.CfnFunction).memorySize ??= 128;
    }
    const waiting = functions.map(({ functionArn }) => functionArn).filter((arn) => arn !== provider.serviceToken);
    acknowledgeInvocations(provider, waiting);
    acknowledgeWaiter(provider);
  }
}
