import { type CollectionTag, parse, type ScalarTag } from 'yaml';
import { isRecord } from './intrinsic-call';

/** A template as CDK synthesizes it, read from its JSON. */
export type TemplateBody = Readonly<Record<string, unknown>>;

/** The functions that YAML templates have a tag for, such as `!Sub`. */
const TAGGED =
  'And Base64 Cidr Condition Equals FindInMap ForEach GetAZs GetAtt GetStackOutput If ImportValue Join Length Not Or Ref Select Split Sub ToJsonString Transform'.split(
    ' ',
  );

/** Reads a template: JSON, or YAML with the short form of intrinsic functions. */
export function parseTemplate(text: string): TemplateBody {
  // A byte order mark counts as space here, which JSON does not allow.
  const trimmed = text.trimStart();
  const template: unknown = trimmed.startsWith('{') ? JSON.parse(trimmed) : parse(text, { customTags: TAGS });
  if (!isRecord(template)) {
    throw new Error('Template format error: the template is not an object.');
  }
  return template;
}

const TAGS: (ScalarTag | CollectionTag)[] = TAGGED.flatMap((name) => {
  const key = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
  const call = (argument: unknown): unknown => ({ [key]: argument });
  const tag = `!${name}`;
  return [
    { tag, resolve: call },
    { tag, collection: 'seq', resolve: (sequence) => call(sequence.toJSON()) } satisfies CollectionTag,
    { tag, collection: 'map', resolve: (map) => call(map.toJSON()) } satisfies CollectionTag,
  ];
});
