import { isRecord, type Value } from './intrinsic-call';
import type { TemplateBody } from './template-body';

/** How strictly a template's form is judged. */
export interface FormatRules {
  /** Whether sections and attributes that are without effect here are allowed. */
  readonly lenient: boolean;
  /** A macro, which does not run here, may give a section or an attribute its meaning. */
  readonly hasMacro: boolean;
}

const SECTIONS =
  'AWSTemplateFormatVersion Description Metadata Parameters Mappings Conditions Rules Transform Resources Outputs';
const RESOURCE_KEYS = 'Type Properties DependsOn Condition DeletionPolicy UpdateReplacePolicy Metadata';
const WITHOUT_EFFECT = { sections: ' Hooks Globals', resourceKeys: ' CreationPolicy UpdatePolicy' };

/**
 * Checks what can be told without any value: sections, resources and outputs.
 *
 * @throws in CloudFormation's words for a template that it refuses
 */
export function requireFormat(body: TemplateBody, { hasMacro, lenient }: FormatRules): void {
  const without = (keys: string, withoutEffect: string, value: object): readonly string[] => {
    const allowed = `${keys}${lenient ? withoutEffect : ''}`.split(' ');
    return hasMacro ? [] : Object.keys(value).filter((key) => !allowed.includes(key));
  };
  const unknown = without(SECTIONS, WITHOUT_EFFECT.sections, body);
  if (unknown.length > 0) {
    throw new Error(`Invalid template property or properties [${unknown.join(', ')}]`);
  }
  const resources = Object.entries(section(body, 'Resources'));
  if (resources.length === 0) {
    throw new Error('Template format error: At least one Resources member must be defined.');
  }
  for (const [logicalId, value] of resources) {
    const declaration = member('Resources', logicalId, value);
    const [wrong] = without(RESOURCE_KEYS, WITHOUT_EFFECT.resourceKeys, declaration);
    if (wrong !== undefined) {
      throw new Error(`Invalid template resource property '${wrong}' (resource ${logicalId})`);
    }
    if (typeof declaration.Type !== 'string') {
      throw new Error(
        `Template format error: [/Resources/${logicalId}] Every Resources object must contain a Type member.`,
      );
    }
  }
  for (const [name, value] of Object.entries(section(body, 'Outputs'))) {
    if (member('Outputs', name, value).Value === undefined) {
      throw new Error(`Template format error: Every Outputs member must contain a Value object (output ${name})`);
    }
  }
}

function member(of: string, name: string, value: Value): Readonly<Record<string, Value>> {
  if (!isRecord(value)) {
    throw new Error(`Template format error: Any ${of} member must be an object. (${name})`);
  }
  const empty = emptyIn(value);
  if (empty !== undefined) {
    throw new Error(`[/${[of, name, ...empty].join('/')}] 'null' values are not allowed in templates`);
  }
  return value;
}

/** Where a value has none. */
function emptyIn(value: Value): readonly string[] | undefined {
  if (value === null) {
    return [];
  }
  for (const [key, each] of Object.entries(typeof value === 'object' ? value : {})) {
    const path = emptyIn(each as Value);
    if (path) {
      return [key, ...path];
    }
  }
  return undefined;
}

/** A section of a template; none is an empty one. */
export function section(body: TemplateBody, name: string): Readonly<Record<string, Value>> {
  return readRecord(name, body[name] ?? {});
}

/** @throws for what is not an object */
export function readRecord(name: string, value: Value): Readonly<Record<string, Value>> {
  if (!isRecord(value)) {
    throw new Error(`Template format error: ${name} is not an object`);
  }
  return value;
}
