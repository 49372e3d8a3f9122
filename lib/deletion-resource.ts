import { ArnFormat, CustomResource, Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DeletionOptions } from './deletion-options';
import { JobDeletionProvider } from './job-deletion-provider';
import { ID_RULE, isValidId } from './job-id';

/** CloudFormation gives up on a custom resource after an hour; our own reason must get there before. */
const MAX_TIMEOUT = Duration.minutes(58);

/** What DeleteJob itself takes, for whichever jobs. */
interface DeletionResourceProps extends DeletionOptions {
  readonly force?: boolean;
  readonly namespaceId?: string;
}

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
): { readonly resource: CustomResource; readonly provider: JobDeletionProvider } {
  if (namespaceId !== undefined) {
    assertId(scope, 'namespaceId', namespaceId);
  }
  if (props.removalPolicy === RemovalPolicy.SNAPSHOT) {
    throw new Error(`${scope.node.path}: removalPolicy SNAPSHOT: AWS IoT has no snapshots of jobs; DESTROY or RETAIN.`);
  }
  const timeoutSeconds = validTimeout(scope, props.timeout ?? Duration.minutes(55));
  const provider = props.provider ?? JobDeletionProvider.getOrCreate(scope);
  const { region, assumeRole } = props;
  provider._assertReaches(scope, region, assumeRole?.roleArn);

  // eslint-disable-next-line cdk/require-passing-this -- the construct is the caller's
  const resource = new CustomResource(scope, 'Resource', {
    resourceType,
    serviceToken: provider.serviceToken,
    // Longer than the deletion's own timeout, so that the handler's reason comes first.
    serviceTimeout: Duration.seconds(Math.min(3600, Math.max(300, timeoutSeconds + 120))),
    removalPolicy: props.removalPolicy ?? RemovalPolicy.DESTROY,
    // Everything with its value, so that a later release's defaults change nothing that is deployed.
    properties: {
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
  resource.node.addDependency(provider._policy);
  return { resource, provider };
}

/** Throws unless it is an id, or a token that may become one. */
export function assertId(scope: Construct, name: string, value: string): void {
  if (!Token.isUnresolved(value) && !isValidId(value)) {
    throw new Error(`${scope.node.path}: ${name} "${value}" is not what AWS IoT allows: ${ID_RULE}.`);
  }
}

/** The account of a role, which may be known only when it is deployed. */
export function accountOf(scope: Construct, roleArn: string): string {
  return Token.isUnresolved(roleArn)
    ? Stack.of(scope).splitArn(roleArn, ArnFormat.SLASH_RESOURCE_NAME).account!
    : roleArn.split(':')[4]!;
}

function validTimeout(scope: Construct, timeout: Duration): number {
  const seconds = timeout.toSeconds({ integral: false });
  if (seconds <= 0 || seconds > MAX_TIMEOUT.toSeconds()) {
    throw new Error(
      `${scope.node.path}: timeout ${timeout.toHumanString()} is out of range: more than 0, at most 58 minutes, ` +
        'because CloudFormation gives up after an hour and the reason must reach it before.',
    );
  }
  return Math.ceil(seconds);
}
