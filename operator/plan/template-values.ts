import type { Home } from '../../lambda/aws/place';
import { type Conditions, decideConditions } from '../../local/cloudformation/conditions';
import { hasHole, hole } from '../../local/cloudformation/holes';
import { isRecord, type Value } from '../../local/cloudformation/intrinsic-call';
import { resolve } from '../../local/cloudformation/intrinsics';
import { isScalar } from '../../local/cloudformation/value-functions';
import { noValue, type Scope } from '../../local/cloudformation/scope';
import type { TemplateBody } from '../../local/cloudformation/template-body';
import { UsageError } from '../../rehearsal/usage';

/** A value that only CloudFormation can resolve. */
export const UNKNOWN = Symbol('unknown');

/** What is known about a stack, besides its template. */
export interface KnownOfStack {
  readonly stackId: string;
  readonly stackName: string;
  readonly home: Home;
  readonly parameters: ReadonlyMap<string, string>;
  /** The physical id and the type of each resource. */
  readonly resources: ReadonlyMap<string, { readonly physicalId: string; readonly type: string }>;
}

/** A resource as a template declares it: intrinsics unresolved. */
export interface Declared {
  readonly type: string;
  readonly properties: Readonly<Record<string, Value>>;
  readonly definition: Readonly<Record<string, Value>>;
}

/** The values in a template, as far as they can be known without CloudFormation. */
export class TemplateValues {
  private readonly scope: Scope;
  private readonly conditions: ReadonlyMap<string, boolean | undefined>;

  /** @throws UsageError for conditions that CloudFormation refuses, such as a circle */
  constructor(
    readonly template: TemplateBody,
    private readonly known: KnownOfStack,
  ) {
    const base = this.baseScope();
    const declared = record(template.Conditions);
    const { values, uncertain } = decided(declared, base);
    const unknown = dependents(declared, new Set(uncertain.map(({ condition }) => condition)));
    this.conditions = new Map([...values].map(([name, value]) => [name, unknown.has(name) ? undefined : value]));
    this.scope = {
      ...base,
      condition: (name) => {
        const value = this.condition(name);
        if (value === undefined) {
          throw new Error(`The condition ${name} depends on a value that only CloudFormation knows.`);
        }
        return value;
      },
    };
  }

  /** Whether a condition holds; undefined where only CloudFormation can tell. @throws for one that is not declared */
  condition(name: string): boolean | undefined {
    if (!this.conditions.has(name)) {
      throw new Error(`Template error: unresolved condition dependency ${name}`);
    }
    return this.conditions.get(name);
  }

  /** The declaration of a resource; nothing where the template has none. */
  declared(logicalId: string): Declared | undefined {
    const definition = record(this.template.Resources)[logicalId];
    if (!isRecord(definition)) {
      return undefined;
    }
    return { type: String(definition.Type), properties: record(definition.Properties), definition };
  }

  /** The logical ids of all resources, whatever their conditions. */
  get logicalIds(): readonly string[] {
    return Object.keys(record(this.template.Resources));
  }

  /** What the template exports. A name or value is unknown where only CloudFormation can resolve it. */
  get exports(): readonly { readonly name: Value; readonly value: Value }[] {
    return Object.values(record(this.template.Outputs)).flatMap((output) => {
      const definition = record(output);
      const { Name } = record(definition.Export);
      const holds = this.holds({ definition });
      return Name === undefined || holds === false
        ? []
        : [{ name: this.sent(Name), value: holds === UNKNOWN ? UNKNOWN : this.sent(definition.Value) }];
    });
  }

  /** Whether the condition of a resource or an output holds. */
  holds({ definition: { Condition } }: Pick<Declared, 'definition'>): boolean | typeof UNKNOWN {
    try {
      return typeof Condition !== 'string' || this.scope.condition(Condition);
    } catch {
      return UNKNOWN;
    }
  }

  /** A value as CloudFormation sends it, with every scalar as a string; `undefined` for `AWS::NoValue`. */
  sent(value: Value): Value {
    try {
      const resolved = resolve(value, this.scope);
      if (resolved === noValue || resolved === undefined) {
        return undefined;
      }
      return hasHole(resolved) || JSON.stringify(resolved).includes('{{resolve:') ? UNKNOWN : stringified(resolved);
    } catch {
      return UNKNOWN;
    }
  }

  private baseScope(): Omit<Scope, 'condition'> {
    const { home, resources, parameters, stackId, stackName } = this.known;
    const declared = record(this.template.Parameters);
    const pseudo: Readonly<Record<string, Value>> = {
      'AWS::AccountId': home.account,
      'AWS::NoValue': noValue,
      'AWS::NotificationARNs': [],
      'AWS::Partition': home.partition,
      'AWS::Region': home.region,
      'AWS::StackId': stackId,
      'AWS::StackName': stackName,
    };
    return {
      account: { accountId: home.account, region: home.region },
      mappings: record(this.template.Mappings) as Scope['mappings'],
      ref: (name) => {
        if (Object.hasOwn(pseudo, name)) {
          return pseudo[name];
        }
        return Object.hasOwn(declared, name)
          ? parameterValue(name, record(declared[name]), parameters.get(name))
          : (resources.get(name)?.physicalId ?? hole(name));
      },
      attribute: (logicalId, attribute) => {
        const { physicalId, type } = resources.get(logicalId) ?? {};
        return physicalId !== undefined && type === 'AWS::Lambda::Function' && attribute === 'Arn'
          ? `arn:${home.partition}:lambda:${home.region}:${home.account}:function:${physicalId}`
          : hole(`${logicalId}.${attribute}`);
      },
      importValue: (name) => hole(`export ${name}`),
      stackOutput: ({ stackName: other, outputName }) => hole(`${other}.${outputName}`),
      unknownFunction: (name) => hole(name),
    };
  }
}

function decided(conditions: Readonly<Record<string, Value>>, scope: Omit<Scope, 'condition'>): Conditions {
  try {
    return decideConditions(conditions, scope);
  } catch (error) {
    throw new UsageError(`The conditions of the template can't be decided: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

/** The conditions that are unknown, and those that name such a one. */
function dependents(conditions: Readonly<Record<string, Value>>, unknown: ReadonlySet<string>): ReadonlySet<string> {
  const more = Object.keys(conditions).filter((name) => {
    const text = JSON.stringify(conditions[name]) ?? '';
    return !unknown.has(name) && [...unknown].some((each) => text.includes(JSON.stringify({ Condition: each })));
  });
  return more.length === 0 ? unknown : dependents(conditions, new Set([...unknown, ...more]));
}

function parameterValue(name: string, declaration: Readonly<Record<string, Value>>, given: string | undefined): Value {
  const { Default, NoEcho, Type } = declaration;
  const text = isScalar(Default) ? String(Default) : undefined;
  const isFromSsm = String(Type).startsWith('AWS::SSM::Parameter::Value<');
  const value = given ?? (isFromSsm ? undefined : text);
  if (value === undefined || String(NoEcho) === 'true') {
    return hole(name);
  }
  return /^(CommaDelimitedList|List<)|<List</.test(String(Type)) ? value.split(',').map((item) => item.trim()) : value;
}

function stringified(value: Value): Value {
  if (Array.isArray(value)) {
    return value.map(stringified);
  }
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, stringified(item)]))
    : String(value);
}

function record(value: Value): Readonly<Record<string, Value>> {
  return isRecord(value) ? value : {};
}
