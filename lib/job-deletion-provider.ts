import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { type Construct, Dependable } from 'constructs';
import { deletionPolicy } from './deletion-policy';
import { FunctionRole } from './function-role';
import { ImportedProvider } from './imported-provider';
import { JobDeletionProviderBase } from './job-deletion-provider-base';
import type {
  IJobDeletionProvider,
  JobDeletionProviderAttributes,
  JobDeletionProviderProps,
} from './job-deletion-provider-props';
import { acknowledgeFunction, acknowledgeLogGroup } from './nag-acknowledgements';
import { assertSpelled } from './misspelt';
import { assertTypes } from './prop-types';
import { checkSizes, validPatterns, validRegions, validRoles } from './provider-limits';
import { assertSameProps } from './provider-props';
import { Waiter } from './waiter';

/** Where the stack's own provider is. */
const ID = 'JobDeletionProvider';

const PROVIDER = Symbol.for('cdk-iot-job-deletion.JobDeletionProvider');

const TYPES = {
  jobIdPatterns: 'a list of strings?',
  regions: 'a list of strings?',
  assumableRoles: 'a list of strings?',
  logGroup: 'an ILogGroup?',
  vpc: 'an IVpc?',
  vpcSubnets: 'an object?',
  securityGroups: 'a list of ISecurityGroups?',
  role: 'an IRole?',
  encryptionKey: 'an IKey?',
} as const;

/** A sweep works three minutes at a time, and must never run into this. */
const HANDLER_TIMEOUT = Duration.minutes(5);

/** Prebuilt by lambda/build.ts. Equally far from lib/ and from the compiled dist/. */
const HANDLER_ASSET = join(__dirname, '..', 'assets', 'handler');

/**
 * Deletes the jobs with a Lambda function, the handler. A Step Functions state machine, the waiter, waits for AWS IoT.
 *
 * Each stack makes its own provider. Make one yourself only to configure it, or to share it between stacks.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html
 */
@propertyInjectable
export class JobDeletionProvider extends JobDeletionProviderBase {
  /** Names this class to property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-iot-job-deletion.JobDeletionProvider';

  /**
   * Returns the stack's own provider. The first call makes it.
   *
   * @param scope anything in the stack
   * @param props the props that the provider must have; without props, any existing provider is returned
   * @throws if the provider was made with other props, or if another construct has its id: the error names who made it
   */
  public static getOrCreate(scope: Construct, props?: JobDeletionProviderProps): JobDeletionProvider {
    // CloudFormation refuses to change a resource's ServiceToken: the path must be the same whoever asks first.
    const stack = Stack.of(scope);
    const existing = stack.node.tryFindChild(ID);
    if (existing === undefined) {
      // eslint-disable-next-line cdk/no-variable-construct-id -- a constant, which has a name
      const provider = new JobDeletionProvider(stack, ID, props);
      Object.defineProperty(provider, '_madeBy', { value: scope.node.path });
      return provider;
    }
    if (!JobDeletionProvider.isJobDeletionProvider(existing)) {
      throw new Error(
        `${existing.node.path}: the stack's own JobDeletionProvider needs this path, but another construct ` +
          'has it: rename that construct, or give each JobDeletion a provider.',
      );
    }
    if (props !== undefined) {
      assertTypes(scope.node.path, { props }, { props: 'an object' });
      assertSpelled(scope.node.path, props, Object.keys(TYPES));
      assertTypes(scope.node.path, props, TYPES);
      assertSameProps(scope, existing, props);
    }
    return existing;
  }

  /**
   * Imports a provider of another app, in the same account and region. Attributes that are not given are not checked.
   *
   * @param scope where it is used
   * @param id the id of the import
   * @param attributes what is known of it
   * @throws if a literal `serviceToken` is not the ARN of a function, without a version or alias
   */
  public static fromAttributes(
    scope: Construct,
    id: string,
    attributes: JobDeletionProviderAttributes,
  ): IJobDeletionProvider {
    // eslint-disable-next-line cdk/no-variable-construct-id, cdk/require-passing-this -- both are the caller's
    return new ImportedProvider(scope, id, attributes);
  }

  /**
   * Returns whether a value is a `JobDeletionProvider`, also one of another copy of this package.
   *
   * @param x anything
   */
  public static isJobDeletionProvider(x: unknown): x is JobDeletionProvider {
    return typeof x === 'object' && x !== null && PROVIDER in x;
  }

  /** The `ServiceToken` of this provider's custom resources: the ARN of the handler. */
  public readonly serviceToken: string;

  /** The only jobs that this provider may touch. */
  public readonly jobIdPatterns: string[];

  /** The further regions whose jobs this provider may touch. */
  public readonly regions: string[];

  /** The roles that this provider may assume. */
  public readonly assumableRoles: string[];

  /** The function that deletes the jobs, for example for alarms on its metrics. */
  public readonly handler: lambda.IFunction;

  /** @internal */
  protected readonly _functionName: string;

  /**
   * What the provider was made with.
   *
   * @internal
   */
  public readonly _props: JobDeletionProviderProps;

  /**
   * Who asked for it first.
   *
   * @internal
   */
  public readonly _madeBy: string;

  /**
   * @param scope where to make it, in the stack of the handler
   * @param id the construct's id
   * @param props how it works, and which jobs it may touch
   * @throws if a pattern, region or role is not what it must be: the error names the construct, the value and the rule
   */
  constructor(scope: Construct, id: string, props: JobDeletionProviderProps = {}) {
    super(scope, id);
    assertTypes(this.node.path, { props }, { props: 'an object' });
    assertSpelled(this.node.path, props, Object.keys(TYPES));
    assertTypes(this.node.path, props, TYPES);
    for (const name of ['vpcSubnets', 'securityGroups'] as const) {
      if (props[name] !== undefined && props.vpc === undefined) {
        throw new Error(`${this.node.path}: ${name} needs a vpc.`);
      }
    }
    Object.defineProperty(this, PROVIDER, { value: true });
    this._props = props;
    this._madeBy = this.node.path;
    this.jobIdPatterns = validPatterns(this, props.jobIdPatterns ?? ['*']);
    this.regions = validRegions(this, props.regions ?? []);
    this.assumableRoles = validRoles(this, props.assumableRoles ?? []);
    const { jobIdPatterns, regions, assumableRoles } = this;
    const { vpc, vpcSubnets, securityGroups, encryptionKey } = props;

    const logGroup = props.logGroup ?? this.ownLogGroup();
    const role = props.role ?? new FunctionRole(this, 'HandlerRole', { vpc, logGroup });
    // Lambda decrypts a function's environment in the name of its role. CDK leaves it to us to allow that.
    encryptionKey?.grantDecrypt(role);
    const environment = {
      JOB_ID_PATTERNS: jobIdPatterns.join(','),
      REGIONS: regions.join(','),
      ASSUMABLE_ROLES: assumableRoles.join(','),
      // The handler names its role where IAM refuses it something.
      ROLE_ARN: role.roleArn,
    };
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
      environment,
      logGroup,
      vpc,
      vpcSubnets,
      securityGroups,
    });
    this.handler = handler;
    this.serviceToken = handler.functionArn;

    const { functionName } = handler;
    this._functionName = functionName;
    const policy = deletionPolicy(this, { functionName, jobIdPatterns, regions, assumableRoles });
    role.attachInlinePolicy(policy);
    const waiter = new Waiter(this, 'Waiter', { handler, handlerTimeout: HANDLER_TIMEOUT, encryptionKey });
    checkSizes(this, policy.document, environment);
    // Every custom resource depends on the provider, and that is all that a deletion needs. So it is deleted after the
    // last of them: with a stack, and in the cleanup of an update that replaces it (aws-cdk #5336).
    Dependable.implement(this, { dependencyRoots: [policy, waiter] });
    acknowledgeFunction(handler, vpc !== undefined);
  }

  private handlerAsset(): string {
    if (!existsSync(HANDLER_ASSET)) {
      throw new Error(`The handler's bundle is missing at ${HANDLER_ASSET}: make it with "npm run build".`);
    }
    return HANDLER_ASSET;
  }

  /** Without it, Lambda would make a log group that never expires and that no stack deletes. */
  private ownLogGroup(): logs.ILogGroup {
    const logGroup = new logs.LogGroup(this, 'LogGroup', {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledgeLogGroup(logGroup);
    return logGroup;
  }
}
