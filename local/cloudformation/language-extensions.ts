import { filled } from './holes';
import { isRecord, malformed, type Value } from './intrinsic-call';
import type { TemplateBody } from './template-body';

/** The transform that `Fn::ForEach` needs. */
export const LANGUAGE_EXTENSIONS = 'AWS::LanguageExtensions';

const LOOP = 'Fn::ForEach::';

/** A macro that works on the section, or the template, that it stands in: `AWS::Include`, for one. */
const IN_PLACE = 'Fn::Transform';

/** The names of the transforms that a template asks for: macros, and the language extensions. */
export function transformsOf(body: TemplateBody): readonly string[] {
  const inPlace = [body, ...Object.values(body)].flatMap((part) => (isRecord(part) ? (part[IN_PLACE] ?? []) : []));
  return [body.Transform ?? [], inPlace]
    .flat()
    .map((transform) => String(isRecord(transform) ? transform.Name : transform));
}

/** The template without the macros that stand in it, and in its sections. */
export function withoutMacros(body: TemplateBody): TemplateBody {
  const without = (part: Value): Value =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).filter(([name]) => name !== IN_PLACE)) : part;
  const sections = Object.entries(without(body) as TemplateBody);
  return Object.fromEntries(sections.map(([name, section]) => [name, without(section)]));
}

/**
 * The template with its loops written out, as the transform AWS::LanguageExtensions does before anything else.
 *
 * @param collection resolves what a loop goes over
 */
export function withoutLoops(body: TemplateBody, collection: (value: Value) => Value): TemplateBody {
  const sections = ['Conditions', 'Resources', 'Outputs'].filter((name) => body[name] !== undefined);
  return { ...body, ...Object.fromEntries(sections.map((name) => [name, expand(body[name], collection)])) };
}

function expand(value: Value, collection: (value: Value) => Value): Value {
  if (Array.isArray(value)) {
    return value.map((item) => expand(item, collection));
  }
  if (!isRecord(value)) {
    return value;
  }
  const entries = Object.entries(value).flatMap(([key, item]) =>
    key.startsWith(LOOP) ? loop(key, item, collection) : [[key, expand(item, collection)] as const],
  );
  return Object.fromEntries(entries);
}

function loop(
  key: string,
  argument: Value,
  collection: (value: Value) => Value,
): readonly (readonly [string, Value])[] {
  const [identifier, given, fragment] = Array.isArray(argument) && argument.length === 3 ? (argument as Value[]) : [];
  if (typeof identifier !== 'string' || !isRecord(fragment)) {
    throw malformed(key, argument);
  }
  const resolved = collection(given);
  const items = Array.isArray(resolved) ? resolved : [resolved];
  return items.flatMap((item) =>
    Object.entries(expand(substituted(fragment, identifier, filled(String(item))), collection) as object),
  );
}

/** `${Identifier}` and a `Ref` to it become the item, `&{Identifier}` its letters and digits. */
function substituted(value: Value, identifier: string, item: string): Value {
  if (typeof value === 'string') {
    return value
      .replaceAll(`\${${identifier}}`, item)
      .replaceAll(`&{${identifier}}`, item.replace(/[^A-Za-z0-9]/g, ''));
  }
  if (Array.isArray(value)) {
    return value.map((each) => substituted(each, identifier, item));
  }
  if (!isRecord(value)) {
    return value;
  }
  if (value.Ref === identifier && Object.keys(value).length === 1) {
    return item;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      substituted(key, identifier, item) as string,
      substituted(each, identifier, item),
    ]),
  );
}
