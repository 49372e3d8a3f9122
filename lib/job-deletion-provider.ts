import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, FeatureFlags, Stack, Token } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { USE_CDK_MANAGED_LAMBDA_LOGGROUP } from 'aws-cdk-lib/cx-api';
import { Construct, type IDependable } from 'constructs';
import { FunctionRole } from './function-role';
import { isCovered, isValidPattern, PATTERN_RULE } from './job-id';
import {
  acknowledge,
  acknowledgeFunctions,
  acknowledgeInvocations,
  acknowledgeWaiter,
  acknowledgeWildcards,
} from './nag-acknowledgements';

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
      timeout: Duration.minutes(2),
      loggingFormat: lambda.LoggingFormat.JSON,
      role: handlerRole,
      environmentEncryption,
      // The handler names its role where IAM refuses it something.
      environment: { JOB_ID_PATTERNS: this.jobIds.join(','), ROLE_ARN: handlerRole.roleArn },
      logGroup,
      vpc,
      vpcSubnets,
      securityGroups,
    });
    this.handler = handler;

    this._policy = this.attachPolicy(handlerRole);
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

  /**
   * The grant names patterns, never the jobs of today: an update changes policies first and deletes what it removed
   * last, so a policy made of exact ARNs no longer covers the very job that must go (aws-cdk #14037).
   *
   * Narrowing the patterns must not spring that trap either. So they are part of the logical id: other patterns are
   * another policy, and the old one goes in the clean-up, after the jobs that needed it.
   */
  private attachPolicy(role: iam.IRole): iam.Policy {
    const stack = Stack.of(this);
    const jobs = this.jobIds.map((pattern) =>
      stack.formatArn({ service: 'iot', resource: 'job', resourceName: pattern }),
    );
    const stacks = stack.formatArn({ service: 'cloudformation', resource: 'stack', resourceName: '*' });
    const hash = createHash('sha256').update(this.jobIds.join(',')).digest('hex').slice(0, 8);
    // eslint-disable-next-line cdk/no-variable-construct-id
    const policy = new iam.Policy(this, `Policy${hash}`, {
      statements: [
        new iam.PolicyStatement({ actions: ['iot:DescribeJob', 'iot:CancelJob', 'iot:DeleteJob'], resources: jobs }),
        // To see whether one of the account's 10 deletion slots is free.
        new iam.PolicyStatement({ actions: ['iot:ListJobs'], resources: ['*'] }),
        // To tell a deletion from a rollback.
        new iam.PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [stacks] }),
      ],
    });
    acknowledgeWildcards(
      policy,
      jobs,
      'An update must still delete the job that has left the app; jobIds narrows this.',
    );
    acknowledgeWildcards(policy, ['*'], 'IAM knows no resource type for iot:ListJobs.');
    acknowledgeWildcards(policy, [stacks], "A shared provider can't name its users' stacks without a circle.");
    role.attachInlinePolicy(policy);
    return policy;
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
