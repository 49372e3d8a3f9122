import type { Value } from './intrinsics';
import { intrinsicNames, isRecord } from './intrinsics';
import type { TemplateBody } from './template';

/** Sections, and attributes of resources, that tell the real service how to go about it. */
const SECTIONS = ['Transform', 'Hooks', 'Globals'];
const ATTRIBUTES = ['CreationPolicy', 'UpdatePolicy'];

/**
 * The template without what the embedded CloudFormation refuses because it can't do it, and what no job depends on:
 * secrets and parameters that only the account knows become made-up texts, and so do functions that are unknown here.
 */
export function lenientTemplate(template: TemplateBody): TemplateBody {
  const readable = madeUp(without(template, SECTIONS)) as Record<string, Value>;
  const each = (section: string, change: (declaration: Record<string, Value>) => Value): Record<string, Value> => {
    const declarations = Object.entries((readable[section] ?? {}) as Record<string, Record<string, Value>>);
    return Object.fromEntries(declarations.map(([name, declaration]) => [name, change(declaration)]));
  };
  return {
    ...readable,
    Parameters: each('Parameters', ({ Type, ...rest }) => ({
      ...rest,
      Type: String(Type).startsWith('AWS::SSM::Parameter::Value<') ? 'String' : Type,
    })),
    Resources: each('Resources', (declaration) => without(declaration, ATTRIBUTES)),
  };
}

function madeUp(value: Value): Value {
  if (typeof value === 'string') {
    return value.replaceAll('{{resolve:', '{resolve:');
  }
  if (Array.isArray(value)) {
    return value.map(madeUp);
  }
  if (!isRecord(value)) {
    return value;
  }
  const [name = '', ...others] = Object.keys(value);
  if (others.length === 0 && name.startsWith('Fn::') && !(intrinsicNames as readonly string[]).includes(name)) {
    return `made up for ${name}`;
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, madeUp(item)]));
}

function without(record: Readonly<Record<string, Value>>, keys: readonly string[]): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}
