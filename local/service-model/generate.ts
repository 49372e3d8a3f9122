import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { format } from 'oxfmt';

/** AWS's service models as its SDK for Python ships them: they keep the constraints, which the SDK for JavaScript drops. */
const botocore = '1.43.11';

/** Which operations of which model are served here. */
const served: Readonly<Record<string, { readonly model: string; readonly operations: readonly string[] }>> = {
  iot: {
    model: 'iot/2015-05-28',
    operations: [
      'AddThingToThingGroup',
      'CancelJob',
      'CreateJob',
      'CreateThing',
      'CreateThingGroup',
      'DeleteJob',
      'DeleteThing',
      'DeleteThingGroup',
      'DescribeJob',
      'DescribeThing',
      'DescribeThingGroup',
      'ListJobExecutionsForJob',
      'ListJobs',
      'ListTagsForResource',
      'ListThingGroups',
      'ListThings',
      'ListThingsInThingGroup',
      'TagResource',
      'UntagResource',
      'UpdateJob',
    ],
  },
  sts: { model: 'sts/2011-06-15', operations: ['AssumeRole', 'GetCallerIdentity'] },
  states: { model: 'stepfunctions/2016-11-23', operations: ['DescribeExecution', 'StartExecution', 'StopExecution'] },
  lambda: { model: 'lambda/2015-03-31', operations: ['GetFunction', 'GetFunctionConfiguration', 'Invoke'] },
  cloudformation: {
    model: 'cloudformation/2010-05-15',
    operations: [
      'DescribeStackEvents',
      'DescribeStacks',
      'GetTemplate',
      'ListExports',
      'ListImports',
      'ListStackResources',
    ],
  },
};

interface Source {
  readonly metadata: { readonly protocol: string };
  readonly operations: Readonly<Record<string, SourceOperation>>;
  readonly shapes: Readonly<Record<string, SourceShape>>;
}

interface SourceOperation {
  readonly http: { readonly method: string; readonly requestUri: string };
  readonly input?: { readonly shape: string };
  readonly errors?: readonly { readonly shape: string }[];
}

type SourceShape = Readonly<Record<string, unknown>>;

/** Keeps of a model what a request is checked by: the input shapes of the operations that are served. */
function compact(source: Source, model: string, operationNames: readonly string[]): object {
  const shapes: Record<string, unknown> = {};
  const keep = (name: string): void => {
    if (!(name in shapes)) {
      const shape = source.shapes[name]!;
      shapes[name] = undocumented(
        typeof shape.pattern === 'string' ? { ...shape, pattern: ecma(shape.pattern) } : shape,
      );
      referencesOf(shape).forEach(keep);
    }
  };
  const operations = operationNames.map((name) => {
    const { http, input, errors = [] } = source.operations[name]!;
    if (input) {
      keep(input.shape);
    }
    const path = http.requestUri.replace(/\?.*/, '');
    return [name, { method: http.method, path, input: input?.shape, errors: errors.map(({ shape }) => shape) }];
  });
  const inOrder = Object.entries(shapes).sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    source: `botocore ${botocore}, data/${model}/service-2.json, Apache-2.0`,
    protocol: source.metadata.protocol,
    operations: Object.fromEntries(operations) as object,
    shapes: Object.fromEntries(inOrder),
  };
}

function referencesOf(shape: unknown): string[] {
  if (typeof shape !== 'object' || shape === null) {
    return [];
  }
  return Object.entries(shape).flatMap(([key, value]) =>
    key === 'shape' && typeof value === 'string' ? [value] : referencesOf(value),
  );
}

/** What says nothing about which requests are valid. */
const noise = ['documentation', 'sensitive', 'box', 'deprecated', 'deprecatedMessage', 'deprecatedSince', 'streaming'];

function undocumented(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(undocumented);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const kept = Object.entries(value).filter(([key, inner]) => !(noise.includes(key) && typeof inner !== 'object'));
  return Object.fromEntries(kept.map(([key, inner]) => [key, undocumented(inner)]));
}

/** The models' patterns are Java's; JavaScript has another way to write some of it. */
function ecma(pattern: string): string {
  const translated = pattern
    .replaceAll('\\p{Graph}', '!-~')
    .replaceAll('\\p{Upper}', 'A-Z')
    .replaceAll('\\p{Digit}', '0-9')
    .replaceAll('\\p{ASCII}', '[\\u0000-\\u007f]')
    .replaceAll('\\u10000-\\u10FFFF', '\\u{10000}-\\u{10FFFF}')
    .replace(/^\(\?s\)(.*)$/s, (_, rest: string) => rest.replaceAll('.', '[^]'));
  new RegExp(translated, 'u');
  return translated;
}

function dataFolder(): string {
  const script = 'import botocore, os; print(botocore.__version__); print(os.path.dirname(botocore.__file__))';
  const [version, folder] = execFileSync('python3', ['-c', script], { encoding: 'utf8' }).trim().split('\n');
  if (version !== botocore || folder === undefined) {
    throw new Error(
      `Python has botocore ${version}; the models are those of ${botocore}: pip install botocore==${botocore}`,
    );
  }
  return join(folder, 'data');
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { check: { type: 'boolean' } } });
  const data = dataFolder();
  for (const [service, { model, operations }] of Object.entries(served)) {
    const source = JSON.parse(gunzipSync(readFileSync(join(data, model, 'service-2.json.gz'))).toString()) as Source;
    const path = join(__dirname, `${service}.json`);
    const compacted = JSON.stringify(compact(source, model, operations));
    const { code: content } = await format(path, compacted, { printWidth: 120 });
    if (!values.check) {
      writeFileSync(path, content);
    } else if (readFileSync(path, 'utf8') !== content) {
      throw new Error(`${path} is not what AWS's model gives: npm run models`);
    }
  }
}

void main();
