import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What jsii writes about the library, as far as the tables need it. */
interface Assembly {
  readonly types: Readonly<Record<string, { readonly interfaces?: readonly string[]; readonly properties?: Prop[] }>>;
}

interface Prop {
  readonly name: string;
  readonly optional?: boolean;
  readonly type: Type;
  readonly docs?: { readonly summary?: string; readonly default?: string };
}

interface Type {
  readonly primitive?: string;
  readonly fqn?: string;
  readonly collection?: { readonly elementtype: Type };
}

/** Writes the tables of props between a document's `<!-- props: … -->` and `<!-- /props -->`, from the docstrings. */
const root = join(__dirname, '..');
const readme = join(root, 'README.md');
const { types } = JSON.parse(readFileSync(join(root, '.jsii'), 'utf8')) as Assembly;

const MARKED = /(<!-- props: (?<name>\w+)(?: without (?<left>\w+))? -->\n)[^]*?(?=<!-- \/props -->)/g;
const before = readFileSync(readme, 'utf8');
writeFileSync(
  readme,
  before.replace(MARKED, (_, begin: string, name: string, left?: string) => {
    const known = new Set(left === undefined ? [] : propsOf(left).map((prop) => prop.name));
    return begin + table(propsOf(name).filter((prop) => !known.has(prop.name)));
  }),
);

/** The props of a struct, its own first; those of the structs that it extends after them. */
function propsOf(name: string): Prop[] {
  const type = types[`cdk-iot-job-deletion.${name}`];
  if (type === undefined) {
    throw new Error(`README.md: the API has no ${name}.`);
  }
  const { properties = [], interfaces = [] } = type;
  return [...properties, ...interfaces.flatMap((base) => propsOf(base.slice(base.indexOf('.') + 1)))];
}

function table(props: readonly Prop[]): string {
  const rows = [...props]
    .sort((a, b) => Number(a.optional ?? false) - Number(b.optional ?? false))
    .map(({ name, optional, type, docs }) => {
      const fallback = optional ? defaultOf(docs?.default ?? '') : 'required';
      return `| \`${name}: ${printed(type)}\` | ${fallback} | ${docs?.summary ?? ''} |`;
    });
  return ['| prop | default | meaning |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

/** CDK's convention: code, or `- ` and words; what follows code after ` - ` explains it. */
function defaultOf(text: string): string {
  return text.startsWith('- ') ? text.slice(2) : `\`${text.split(' - ')[0]}\``;
}

function printed({ primitive, fqn, collection }: Type): string {
  return collection ? `${printed(collection.elementtype)}[]` : (primitive ?? fqn!.slice(fqn!.lastIndexOf('.') + 1));
}
