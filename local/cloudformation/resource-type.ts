import { randomBytes } from 'node:crypto';
import type { Properties } from './stack';

/** What a resource type is told about the resource that it works on. */
export interface ResourceContext {
  readonly stackName: string;
  readonly stackId: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Properties;
  /** Aborts when the operation gives up on what is in progress. Whoever ignores it is waited for. */
  readonly signal: AbortSignal;
  /** Whether an update goes back to what the stack was before. */
  readonly rollback: boolean;
  /** Where a code asset lies, by the hash that its S3 key carries. */
  readonly assetDirectory: (assetHash: string) => string;
}

/** The context of a resource that exists. */
export interface ExistingResourceContext extends ResourceContext {
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What a resource type answers: what `Ref` and `Fn::GetAtt` give. */
export interface Provisioned {
  readonly physicalId: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** How resources of one type come, change and go. An error thrown is the reason of a `*_FAILED` event. */
export interface ResourceType {
  /** Properties that cannot change in place: a new resource is created, and the old one goes in clean-up. */
  readonly requiresReplacement?: readonly string[];
  create(context: ResourceContext): Promise<Provisioned>;
  /** A physical id other than the present one means that the resource was replaced. */
  update(context: ExistingResourceContext, previous: Properties): Promise<Provisioned>;
  delete(context: ExistingResourceContext): Promise<void>;
  /** Told in clean-up that there is no way back, for a resource that stays. */
  settle?(context: ExistingResourceContext): Promise<void>;
}

/** A failure that says what it left behind. */
export class ResourceFailure extends Error {
  constructor(
    message: string,
    readonly left: {
      /** A failed create: the physical id that the rollback deletes. */
      readonly physicalId?: string;
      /** A failed update: the resource never heard of it, so there is nothing to take back. */
      readonly untouched?: boolean;
      /** It fails the stack, whatever its type: something about jobs is in it. */
      readonly isAboutJobs?: boolean;
    } = {},
  ) {
    super(message);
    this.name = 'ResourceFailure';
  }
}

/** What the physical ids that CloudFormation invents end in. */
export function randomSuffix(): string {
  return [...randomBytes(12)].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('');
}

/** A name as CloudFormation invents it, both halves shortened when the service allows no more. */
export function inventName(context: ResourceContext, maxLength = 255): string {
  const half = Math.floor((maxLength - 14) / 2);
  return `${context.stackName.slice(0, half)}-${context.logicalId.slice(0, half)}-${randomSuffix()}`;
}

/** A string property, or undefined. */
export function optionalText(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  if (value === undefined) {
    return undefined;
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  throw new Error(`Property validation failure: ${name} is not a string.`);
}

/** A string property that must be there. */
export function requiredText(properties: Properties, name: string): string {
  const value = optionalText(properties, name);
  if (value === undefined) {
    throw new Error(`Property validation failure: required key [${name}] not found.`);
  }
  return value;
}

/** A list property; missing means empty. */
export function list<T>(properties: Properties, name: string): readonly T[] {
  const value = properties[name] ?? [];
  if (!Array.isArray(value)) {
    throw new Error(`Property validation failure: ${name} is not a list.`);
  }
  return value as T[];
}
