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
  const allowed = (keys: string, withoutEffect: string): string => keys + (lenient ? withoutEffect : '');
  if (!hasMacro) {
    rejectKeys('template section', body, allowed(SECTIONS, WITHOUT_EFFECT.sections));
  }
  const resources = Object.entries(section(body, 'Resources'));
  if (resources.length === 0) {
    throw new Error('Template format error: At least one Resources member must be defined.');
  }
  for (const [logicalId, value] of resources) {
    const declaration = readRecord(logicalId, value);
    if (!hasMacro) {
      rejectKeys(
        `attribute of resource ${logicalId}`,
        declaration,
        allowed(RESOURCE_KEYS, WITHOUT_EFFECT.resourceKeys),
      );
    }
    if (typeof declaration.Type !== 'string') {
      throw new Error(
        `Template format error: [/Resources/${logicalId}] Every Resources object must contain a Type member.`,
      );
    }
  }
  for (const [name, value] of Object.entries(section(body, 'Outputs'))) {
    if (readRecord(name, value).Value === undefined) {
      throw new Error(`Template format error: [/Outputs/${name}] Every Outputs member must contain a Value object`);
    }
  }
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

function rejectKeys(what: string, value: Readonly<Record<string, Value>>, allowed: string): void {
  const unknown = Object.keys(value).find((key) => !allowed.split(' ').includes(key));
  if (unknown !== undefined) {
    throw new Error(`Template format error: unknown ${what}: ${unknown}`);
  }
}
