import type { Account } from '../account';
import type { Iam } from '../iam/iam';
import { parseDefinition } from '../states/definition';
import type { Properties } from './stack';
import type { ResourceContext, ResourceType } from './resource-type';
import { inventName, list, optionalText } from './resource-type';
import { inertResourceTypes } from './resource-types/inert';

/** A resource that was only walked through: it has an id and attributes, and nothing was done for it. */
export interface Bystander {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
}

/** The custom resources of this library: theirs are the functions that run. */
const OURS = /^Custom::IoTJob/;
const CUSTOM = /^(Custom::|AWS::CloudFormation::CustomResource$)/;

/** Types whose `Ref` is an ARN, which templates take apart. */
const REF_IS_ARN =
  /^AWS::(SNS::Topic|SecretsManager::Secret|CertificateManager::|ElasticLoadBalancingV2::|ECS::(Service|TaskDefinition))/;

/** Attributes that are lists, which templates join and select from. */
const LISTS = /^(NameServers|DnsEntries|CidrBlockAssociations|Ipv6CidrBlocks|NetworkInterfaceIds)$/;

/**
 * What stands around the jobs in a person's own app. Whatever has nothing to do with jobs, or can't run here, is
 * walked through as inert: other resource types, other custom resources, functions and state machines that are made of
 * what the embedded AWS does not have.
 */
export class Bystanders {
  private readonly walkedThrough: Bystander[] = [];
  private readonly physicalIds = new Set<string>();
  private readonly inertTypes: ReadonlySet<string>;
  private readonly runsHere: Readonly<Record<string, (properties: Properties) => boolean>>;

  constructor(
    private readonly account: Account,
    iam: Iam,
  ) {
    this.inertTypes = new Set(Object.keys(inertResourceTypes(account)));
    const rolesExist = (properties: Properties): boolean =>
      list<string>(properties, 'Roles').every((name) => succeeds(() => iam.role(name)));
    this.runsHere = {
      'AWS::Lambda::Function': hasCode,
      'AWS::StepFunctions::StateMachine': ({ DefinitionString: text }) =>
        typeof text === 'string' && succeeds(() => parseDefinition(text)),
      'AWS::IAM::Policy': rolesExist,
      'AWS::IAM::ManagedPolicy': rolesExist,
    };
  }

  /** Everything that was walked through so far, in the order of creation. */
  get all(): readonly Bystander[] {
    return this.walkedThrough;
  }

  /** The type to use for resources of this name. */
  resourceType(name: string, known: ResourceType | undefined): ResourceType {
    if (!known || (CUSTOM.test(name) && !OURS.test(name))) {
      return this.inert(() => false);
    }
    if (this.inertTypes.has(name)) {
      return {
        ...known,
        create: (context) => {
          this.note(context);
          return known.create(context);
        },
      };
    }
    const runsHere = this.runsHere[name];
    return runsHere ? this.inert(runsHere, known) : known;
  }

  /** Resources that are inert, unless they are found to run here: those are of the known type. */
  private inert(runsHere: (properties: Properties) => boolean, known?: ResourceType): ResourceType {
    return {
      requiresReplacement: known?.requiresReplacement,
      create: async (context) => {
        if (known && runsHere(context.properties)) {
          return known.create(context);
        }
        this.note(context);
        const physicalId = this.physicalId(context);
        this.physicalIds.add(physicalId);
        return { physicalId, attributes: this.attributes(context.type, physicalId) };
      },
      update: async (context, previous) =>
        known && !this.physicalIds.has(context.physicalId)
          ? known.update(context, previous)
          : { physicalId: context.physicalId, attributes: context.attributes },
      delete: async (context) => {
        if (known && !this.physicalIds.has(context.physicalId)) {
          await known.delete(context);
        }
      },
    };
  }

  private note({ stackName, logicalId, type }: ResourceContext): void {
    this.walkedThrough.push({ stackName, logicalId, type });
  }

  private physicalId(context: ResourceContext): string {
    const name = inventName(context, 63).toLowerCase();
    return REF_IS_ARN.test(context.type) ? this.arn(context.type, name) : name;
  }

  /** Nobody knows all attributes of all types: whichever is asked for is there. */
  private attributes(type: string, physicalId: string): Readonly<Record<string, unknown>> {
    const value = (name: string): unknown => {
      if (name.endsWith('Arn')) {
        return physicalId.startsWith('arn:') ? physicalId : this.arn(type, physicalId);
      }
      const text = `${physicalId}.${name}`;
      return LISTS.test(name) ? ['a', 'b', 'c'].map((item) => `${text}.${item}`) : text;
    };
    return new Proxy({}, { get: (_, name) => (typeof name === 'string' ? value(name) : undefined) });
  }

  private arn(type: string, name: string): string {
    const { accountId, region } = this.account;
    const [, service = 'custom', resource = 'resource'] = type.toLowerCase().split('::');
    return `arn:aws:${service}:${region}:${accountId}:${resource}/${name}/1/2`;
  }
}

/** A function in a container image, or in somebody's bucket, has no code here. */
function hasCode(properties: Properties): boolean {
  const code = (properties.Code ?? {}) as Properties;
  const source = optionalText(code, 'ZipFile') ?? optionalText(code, 'S3Key');
  return [properties.Handler, properties.Runtime, source].every((value) => value !== undefined);
}

function succeeds(look: () => unknown): boolean {
  try {
    look();
    return true;
  } catch {
    return false;
  }
}
