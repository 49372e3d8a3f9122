import type { Account } from '../account';
import { filled, hasHole, originsOf } from './holes';
import { isRecord, type Value } from './intrinsic-call';
import type { Properties } from './stack';
import type { StubbedProperty } from './stubs';

/** What fits the place of a hole. */
type Fit = 'text' | 'id' | 'prefix' | 'region' | 'roleArn' | 'arn' | 'list' | 'nothing';

/** The one table of names: what fits a property, at whatever depth it is. All others take a text. */
const FITS: Readonly<Record<string, Fit>> = {
  JobId: 'id',
  NamespaceId: 'id',
  SessionName: 'id',
  ThingName: 'id',
  ThingGroupName: 'id',
  FunctionName: 'id',
  RoleName: 'id',
  JobIdPrefix: 'prefix',
  Region: 'region',
  Role: 'roleArn',
  RoleArn: 'roleArn',
  JobIds: 'list',
  Layers: 'list',
  ManagedPolicyArns: 'list',
  Roles: 'list',
  SecurityGroupIds: 'list',
  SubnetIds: 'list',
  Targets: 'list',
  // Numbers, flags and enumerations.
  CancelFirst: 'nothing',
  DeleteOnRollback: 'nothing',
  Force: 'nothing',
  MaxJobs: 'nothing',
  MemorySize: 'nothing',
  ReservedConcurrentExecutions: 'nothing',
  ServiceTimeout: 'nothing',
  Statuses: 'nothing',
  TargetSelection: 'nothing',
  Timeout: 'nothing',
  TimeoutSeconds: 'nothing',
};

const MAX_LENGTH = { id: 64, prefix: 40 } as const;

/** What became of a resource's properties. */
export interface Fitted {
  readonly properties: Properties;
  readonly stubbed: readonly StubbedProperty[];
}

/** Gives each hole in the properties of a real resource a value that fits its place. */
export function fit(properties: Properties, account: Account): Fitted {
  const stubbed: StubbedProperty[] = [];
  const fitting = (name: string): Fit => (Object.hasOwn(FITS, name) ? FITS[name]! : /Arn$/.test(name) ? 'arn' : 'text');
  const at = (path: string, name: string, value: Value): Value => {
    if (Array.isArray(value)) {
      const items = value.map((item, i) => at(`${path}[${i}]`, name, item)).filter((item) => item !== undefined);
      return items.length === 0 && value.length > 0 ? undefined : items;
    }
    if (isRecord(value)) {
      return record(path, value);
    }
    if (typeof value !== 'string' || !hasHole(value)) {
      return value;
    }
    const isItem = path.endsWith(']');
    const text = fittingText(fitting(name), value, account);
    stubbed.push({ property: path, value: text, from: originsOf(value).join(', ') });
    return fitting(name) === 'list' && !isItem && text !== undefined ? [text] : text;
  };
  const record = (path: string, value: Readonly<Record<string, Value>>): Properties =>
    Object.fromEntries(
      Object.entries(value)
        .map(([name, item]) => [name, at(path === '' ? name : `${path}.${name}`, name, item)] as const)
        .filter(([, item]) => item !== undefined),
    );
  return { properties: record('', properties), stubbed };
}

function fittingText(fit: Fit, text: string, { accountId, region }: Account): string | undefined {
  switch (fit) {
    case 'text':
    case 'list':
      return filled(text);
    case 'id':
    case 'prefix':
      return filled(text, MAX_LENGTH[fit]);
    case 'region':
      return region;
    case 'roleArn':
      return /^arn:[^:]+:iam::\d{12}:role\//.test(text)
        ? filled(text)
        : `arn:aws:iam::${accountId}:role/${filled(text.slice(text.lastIndexOf(':') + 1), 64)}`;
    case 'arn':
      return text.startsWith('arn:') ? filled(text) : `arn:aws:stub:${region}:${accountId}:${filled(text)}`;
    case 'nothing':
      return undefined;
  }
}
