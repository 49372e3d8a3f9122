import { createHash } from 'node:crypto';
import { Aws, type CfnResource, CustomResource, Duration, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { checkAssumedRole } from './assumed-role';
import { reject } from './bad-input';
import type { DeletionOptions } from './deletion-options';
import { JobDeletionProvider } from './job-deletion-provider';
import type { IJobDeletionProvider } from './job-deletion-provider-props';
import { ID_RULE, isValidId } from './job-id';
import { isLiteral } from './literal';
import { assertTypes, printed } from './prop-types';
import { assertSpelled } from './misspelt';
import { dependencyCycles } from './dependency-cycle';
import { checkRegion } from './provider-limits';
import { tooLongForPhysicalId } from './physical-id-length';
import { checkMayAssume, checkReachesRegion, providerIdentity, serviceTokenFor } from './provider-use';
import { wrongOnceResolved } from './resolved-values';

/** CloudFormation gives up on a custom resource after an hour; our own reason must get there before. */
const MAX_TIMEOUT = Duration.minutes(58);

/** The format of the properties. A handler that doesn't know it must not delete by half of them. */
const FORMAT = 1;

/** CloudFormation's limit. A deep path fills it. */
const MAX_LOGICAL_ID = 255;

/** What DeleteJob itself takes, for whichever jobs. */
interface DeletionResourceProps extends DeletionOptions {
  readonly force?: boolean;
  readonly namespaceId?: string;
}

/** A custom resource, who serves it, and what of that is in its logical id. */
export interface DeletionResource {
  readonly resource: CfnResource;
  readonly provider: IJobDeletionProvider;
  readonly ofProvider: string;
}

/** The types of what both constructs take. */
const TYPES = {
  force: 'a boolean?',
  namespaceId: 'a string?',
  cancelFirst: 'a boolean?',
  revision: 'a string?',
  deleteOnRollback: 'a boolean?',
  removalPolicy: 'a string?',
  timeout: 'a Duration?',
  deleteBefore: 'a list of constructs?',
  region: 'a string?',
} as const;

/** What either construct takes. */
const NAMES = [...Object.keys(TYPES), 'assumeRole', 'jobId', 'jobs', 'maxJobs', 'provider'];

/** `applyRemovalPolicy` has an error of its own, which names no construct. */
const REMOVAL_POLICIES = [RemovalPolicy.DESTROY, RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE];

/**
 * The custom resource behind a `JobDeletion` or a `JobSweep`.
 *
 * @param selection the properties that say which jobs
 * @throws if an option is not what it must be: the error names the construct, the value and the rule
 */
export function deletionResource(
  scope: Construct,
  resourceType: 'Custom::IoTJobDeletion' | 'Custom::IoTJobSweep',
  selection: Readonly<Record<string, unknown>>,
  props: DeletionResourceProps,
  namespaceId = props.namespaceId,
): DeletionResource {
  assertSpelled(scope.node.path, props, NAMES);
  assertTypes(scope.node.path, props, TYPES);
  if (namespaceId !== undefined) {
    checkId(scope, 'namespaceId', namespaceId);
  }
  if (props.removalPolicy === RemovalPolicy.SNAPSHOT) {
    reject(scope, 'removalPolicy is SNAPSHOT, but AWS IoT has no snapshots of jobs: use DESTROY or RETAIN.');
  }
  if (props.removalPolicy !== undefined && !REMOVAL_POLICIES.includes(props.removalPolicy)) {
    reject(scope, `removalPolicy ${printed(props.removalPolicy)} is not one of ${REMOVAL_POLICIES.join(', ')}.`);
  }
  const timeoutSeconds = validTimeout(scope, props.timeout ?? Duration.minutes(55));
  // A provider that is null must not become the stack's own, which may touch every job.
  const provider = props.provider === undefined ? JobDeletionProvider.getOrCreate(scope) : props.provider;
  assertProvider(scope, provider);
  const region = otherRegion(scope, props.region);
  const { assumeRole } = props;
  if (region !== undefined) {
    if (isLiteral(region)) {
      checkRegion(scope, 'region', region);
    }
    checkReachesRegion(scope, provider, region);
  }
  if (assumeRole !== undefined) {
    checkAssumedRole(scope, assumeRole);
    checkMayAssume(scope, provider, assumeRole.roleArn);
  }

  // eslint-disable-next-line cdk/require-passing-this -- the construct is the caller's
  const resource = new CustomResource(scope, 'Resource', {
    resourceType,
    serviceToken: serviceTokenFor(scope, provider),
    // Longer than the deletion's own timeout, so that the handler's reason comes first.
    serviceTimeout: Duration.seconds(Math.min(3600, Math.max(300, timeoutSeconds + 120))),
    removalPolicy: props.removalPolicy ?? RemovalPolicy.DESTROY,
    // Everything with its value, so that a later release's defaults change nothing that is deployed.
    properties: {
      Format: FORMAT,
      ...selection,
      Force: props.force ?? false,
      NamespaceId: namespaceId,
      CancelFirst: props.cancelFirst ?? false,
      Revision: props.revision,
      DeleteOnRollback: props.deleteOnRollback ?? false,
      TimeoutSeconds: timeoutSeconds,
      Region: region,
      AssumeRole: assumeRole && {
        RoleArn: assumeRole.roleArn,
        ExternalId: assumeRole.externalId,
        SessionName: assumeRole.sessionName,
      },
    },
  });
  resource.node.addDependency(provider);
  const cfnResource = resource.node.defaultChild as CfnResource;
  const ofProvider = providerIdentity(scope, provider);
  if (ofProvider !== '') {
    const hash = createHash('sha256').update(ofProvider).digest('hex').slice(0, 8).toUpperCase();
    const ofPath = String(Stack.of(scope).resolve(cfnResource.logicalId));
    cfnResource.overrideLogicalId(`${ofPath.slice(0, MAX_LOGICAL_ID - hash.length)}${hash}`);
  }
  const given = {
    ...selection,
    NamespaceId: namespaceId,
    Region: region,
    RoleArn: assumeRole?.roleArn,
    ExternalId: assumeRole?.externalId,
    SessionName: assumeRole?.sessionName,
  };
  scope.node.addValidation({
    validate: () => [
      ...wrongOnceResolved(scope, given),
      ...tooLongForPhysicalId(scope, given, region),
      ...dependencyCycles(cfnResource),
    ],
  });
  return { resource: cfnResource, provider, ofProvider };
}

function assertProvider(scope: Construct, provider: IJobDeletionProvider): void {
  const { serviceToken, jobIdPatterns, regions, assumableRoles } = (provider ?? {}) as Partial<IJobDeletionProvider>;
  const hasLists = [jobIdPatterns, regions, assumableRoles].every(Array.isArray);
  if (!Construct.isConstruct(provider) || typeof serviceToken !== 'string' || !hasLists) {
    throw new Error(`${scope.node.path}: provider must be a JobDeletionProvider, but is ${printed(provider)}.`);
  }
}

/** Reports what is neither an id nor a value that may become one at deployment. */
export function checkId(scope: Construct, name: string, value: string): void {
  if (isLiteral(value) && !isValidId(value)) {
    reject(scope, `${name} "${value}" is not what AWS IoT allows: ${ID_RULE}.`);
  }
}

/** The region of the jobs, if it is not the stack's own. */
export function otherRegion(scope: Construct, region: string | undefined): string | undefined {
  const own = Stack.of(scope).region;
  return region === own || region === Aws.REGION ? undefined : region;
}

/** Makes constructs wait for jobs in a deletion: in a creation, the jobs' resource waits for them. */
export function deleteBefore(scope: Construct, constructs: readonly unknown[]): void {
  scope.node.addDependency(...constructsOf(scope, 'deleteBefore', constructs));
}

/** Makes jobs wait for constructs in a deletion: in a creation, these wait for the jobs' resource. */
export function deleteAfter(scope: Construct, constructs: readonly unknown[]): void {
  constructsOf(scope, 'deleteAfter', constructs).forEach((construct) => construct.node.addDependency(scope));
}

function constructsOf(scope: Construct, method: string, values: readonly unknown[]): Construct[] {
  return values.map((value) => {
    if (!Construct.isConstruct(value)) {
      throw new Error(`${scope.node.path}: ${method} takes constructs, but was given ${printed(value)}.`);
    }
    // CDK drops a dependency on the stage, without a word.
    if ((Stack.isStack(value) || Stage.isStage(value)) && scope.node.scopes.includes(value)) {
      const own = `${Stack.isStack(value) ? 'stack' : 'stage'} ${value.node.path}`.trim();
      throw new Error(
        `${scope.node.path}: ${method} was given its own ${own}, which contains the deletion and its ` +
          'provider: give it the constructs in question.',
      );
    }
    return value;
  });
}

function validTimeout(scope: Construct, timeout: Duration): number {
  if (timeout.isUnresolved()) {
    throw new Error(`${scope.node.path}: timeout must be known at synth, but is a token.`);
  }
  const seconds = timeout.toSeconds({ integral: false });
  // Not a number is no number of seconds either.
  if (!(seconds > 0 && seconds <= MAX_TIMEOUT.toSeconds())) {
    reject(
      scope,
      `timeout ${Number.isNaN(seconds) ? 'NaN' : timeout.toHumanString()} is out of range: more than 0, at most 58 minutes, ` +
        'because CloudFormation gives up after an hour and the reason must reach it before.',
    );
  }
  return Math.ceil(seconds);
}
