import { accountOfRole, type Home } from '../../lambda/aws/place';
import { claimOf, homeOfJobs } from '../../lambda/request/identity';
import type { Claim } from '../../lambda/search/selection';
import { isRecord } from '../../local/cloudformation/intrinsic-call';
import { type Declared, type TemplateValues, UNKNOWN } from './template-values';

/** The properties of a resource as CloudFormation would send them. */
export interface SentProperties {
  readonly sent: Readonly<Record<string, unknown>>;
  /** The names of those that only CloudFormation can resolve. */
  readonly unknown: readonly string[];
}

/** CloudFormation's own, on which no deletion depends. */
const IGNORED: ReadonlySet<string> = new Set(['ServiceToken', 'ServiceTimeout']);

/** What a physical id says, whatever the template computes it of. */
const SELECTING = ['JobId', 'JobIdPrefix', 'ThingGroupName', 'TargetSelection', 'Statuses', 'Tags', 'Region'] as const;

/** The properties in a template, as far as they can be known. */
export function propertiesIn({ properties }: Declared, values: TemplateValues): SentProperties {
  const resolved = Object.entries(properties)
    .filter(([name]) => !IGNORED.has(name))
    .map(([name, value]) => [name, values.sent(value)] as const);
  return {
    sent: Object.fromEntries(resolved.filter(([, value]) => value !== UNKNOWN && value !== undefined)),
    unknown: resolved.filter(([, value]) => value === UNKNOWN).map(([name]) => name),
  };
}

/**
 * The properties of a deployed resource: which jobs it has comes from its physical id, and how they are deleted from the
 * template.
 */
export function propertiesOf(declared: Declared, values: TemplateValues, id: string, home: Home): SentProperties {
  const { sent, unknown } = propertiesIn(declared, values);
  const at = homeOfJobs(id, home);
  const claim = claimOf(id, {}, at);
  if (!claim || claim === 'unreadable') {
    return { sent, unknown };
  }
  const isFilter = 'filter' in claim;
  const told = new Set<string>([...SELECTING, ...(isFilter ? ['NamespaceId'] : [])]);
  const how = Object.entries(sent).filter(([name]) => !told.has(name));
  const which = Object.entries(selecting(claim)).filter(([, value]) => value !== undefined);
  const where = at.region === home.region ? [] : [['Region', at.region] as const];
  return {
    sent: Object.fromEntries([...how, ...which, ...where]),
    unknown: unknown.filter((name) => !told.has(name)),
  };
}

/** The account of a resource's jobs where that is not the stack's own. */
export function otherAccount({ sent }: SentProperties, id: string, home: Home): string | undefined {
  const { AssumeRole } = sent;
  const roleArn = isRecord(AssumeRole) ? String(AssumeRole.RoleArn) : undefined;
  const account = roleArn === undefined ? homeOfJobs(id, home).account : accountOfRole({ roleArn });
  return account === home.account ? undefined : account;
}

function selecting(claim: Claim): Readonly<Record<string, unknown>> {
  if ('job' in claim) {
    return { JobId: claim.job };
  }
  if ('hashes' in claim) {
    return {};
  }
  const { jobIdPrefix, thingGroupName, targetSelection, statuses, namespaceId, tags } = claim.filter;
  return {
    JobIdPrefix: jobIdPrefix,
    ThingGroupName: thingGroupName,
    TargetSelection: targetSelection,
    Statuses: statuses,
    NamespaceId: namespaceId,
    Tags: tags,
  };
}
