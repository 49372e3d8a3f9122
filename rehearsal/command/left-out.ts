import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { type LocalAws, nestedTemplates } from '../../local';
import { isOurs } from '../../local/cloudformation/surroundings';
import { type DeployedStack, isNested, pathOf, pathOfNested } from './deletions';
import { isAgnostic } from './stacks';

interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Type?: string }>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources?: Readonly<
    Record<string, { readonly Type?: string; readonly Condition?: string; readonly Properties?: object }>
  >;
}

/** A template of a stack, or of one that is nested in it. */
interface Place {
  readonly template: Template;
  /** Its stack; none where that is not deployed. */
  readonly id?: string;
  readonly path?: string;
  /** Why it is not deployed. */
  readonly why?: string;
}

/** The deletions of deployed stacks that are not there, because a condition is false: theirs, or a nested stack's. */
export function leftOut(aws: LocalAws, assembly: CloudAssembly, stacks: readonly DeployedStack[]): readonly string[] {
  return stacks.flatMap((stack) => {
    const { artifact, id } = stack;
    const template = artifact.template as Template;
    const ways = (condition: string): string => waysToChange(condition, template, stack);
    return leftOutOf(aws, assembly, stack, { template, id, path: artifact.hierarchicalId }, ways);
  });
}

function leftOutOf(
  aws: LocalAws,
  assembly: CloudAssembly,
  stack: DeployedStack,
  { template, id, path, why }: Place,
  ways: (condition: string) => string = () => '',
): readonly string[] {
  const there = id === undefined ? [] : aws.cloudFormation.stack(id).resources;
  return Object.entries(template.Resources ?? {}).flatMap(([logicalId, { Type = '', Condition, Properties }]) => {
    const resource = there.find((each) => each.logicalId === logicalId);
    const ownWhy = Condition === undefined ? undefined : `its condition ${Condition} is false${ways(Condition)}`;
    const whyNot = resource ? undefined : (why ?? ownWhy);
    if (isOurs(Type) && whyNot !== undefined) {
      return [`${pathOf(stack.artifact, logicalId, path) ?? `${stack.label}/${logicalId}`} is not deployed: ${whyNot}`];
    }
    const inner = Type === 'AWS::CloudFormation::Stack' ? templateOf(assembly, Properties) : undefined;
    if (!inner) {
      return [];
    }
    const name = pathOfNested(stack.artifact, logicalId, path);
    const place = {
      template: inner,
      id: resource && isNested(resource) ? resource.physicalId : undefined,
      path: name,
      why: why ?? (whyNot && whyNot.replace(/^its/, `the nested stack ${name ?? logicalId} is not, because its`)),
    };
    return leftOutOf(aws, assembly, stack, place);
  });
}

/** A nested template, if it is the app's own. */
function templateOf(assembly: CloudAssembly, properties: object = {}): Template | undefined {
  try {
    return nestedTemplates(assembly)(JSON.stringify(properties));
  } catch {
    return undefined;
  }
}

/** What a person can give so that a condition may hold. */
function waysToChange(condition: string, template: Template, { artifact }: DeployedStack): string {
  const names = [...refsOf(condition, template)];
  const parameters = names
    .filter((name) => !(template.Parameters?.[name]?.Type ?? 'AWS::SSM::').startsWith('AWS::SSM::'))
    .map((name) => `--parameter ${artifact.hierarchicalId}:${name}=VALUE`);
  const pseudo = { 'AWS::AccountId': 'CDK_DEFAULT_ACCOUNT', 'AWS::Region': 'CDK_DEFAULT_REGION' } as const;
  const variables = Object.entries(pseudo).filter(([name]) => isAgnostic(artifact) && names.includes(name));
  const ways = [...parameters, ...variables.map(([, variable]) => variable)];
  return ways.length > 0 ? `; change it with ${ways.join(' or ')}` : '';
}

/** What a condition refers to, by itself or by others that it names. */
function refsOf(condition: string, { Conditions = {} }: Template): ReadonlySet<string> {
  const refs = new Set<string>();
  const seen = new Set<string>();
  const within = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) {
      return;
    }
    for (const [key, item] of Object.entries(value)) {
      if (key === 'Ref') {
        refs.add(String(item));
      } else if (key === 'Condition' && typeof item === 'string') {
        named(item);
      } else {
        within(item);
      }
    }
  };
  const named = (name: string): void => {
    if (!seen.has(name)) {
      seen.add(name);
      within(Conditions[name]);
    }
  };
  named(condition);
  return refs;
}
