import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../usage';

/** What the command line says about the app. */
export interface AppOptions {
  readonly app?: string;
  readonly context: Readonly<Record<string, string>>;
}

/** How the CDK CLI would synthesize the app in this folder. */
export interface Settings {
  /** The command that synthesizes, or a cloud assembly's folder. */
  readonly app?: string;
  /** A command to run before. */
  readonly build?: string;
  /** The folder in which the CLI looks for the cloud assembly. */
  readonly output: string;
  /** The profile of the AWS CLI's files to take credentials from. */
  readonly profile?: string;
  readonly region?: string;
  readonly context: Readonly<Record<string, unknown>>;
  /** What the CLI tells the app by environment variables. */
  readonly variables: Readonly<Record<string, string>>;
}

type Values = Readonly<Record<string, unknown>>;

/**
 * Reads `~/.cdk.json`, `cdk.json`, `cdk.context.json` and the environment as the CDK CLI does (its
 * `user-configuration.ts`): strict JSON; the command line wins over `CDK_APP` and the like, those over the project's
 * settings, and those over the person's own; for context the command line wins over `cdk.json`, that over
 * `cdk.context.json`, and that over `~/.cdk.json`.
 *
 * @throws UsageError for what the CLI refuses as well
 */
export function readSettings(
  options: AppOptions,
  home: string = homedir(),
  env: Readonly<Record<string, string | undefined>> = process.env,
): Settings {
  const own = readJson(join(home, '.cdk.json'), '~/.cdk.json');
  const project = readJson('cdk.json');
  const looked = readJson('cdk.context.json');
  if (own.build !== undefined) {
    throw new UsageError('~/.cdk.json: `build` belongs into cdk.json.');
  }
  const files = merged(own, project);
  const { app, build, output = 'cdk.out', profile, region } = merged(files, given(env));
  requireAllowed(own.context, '~/.cdk.json');
  requireAllowed(project.context, 'cdk.json');
  const line = options.context;
  const [reserved] = Object.keys(line).filter((key) => key.startsWith('aws:'));
  if (reserved !== undefined) {
    throw new UsageError(`--context ${reserved}: the CDK CLI refuses keys that begin with "aws:".`);
  }
  const contexts = [own.context, looked, project.context, line].map((each) => record(each));
  return {
    app: options.app ?? commandLine(app),
    build: text('build', build),
    output: text('output', output)!,
    profile: text('profile', profile),
    region: text('region', region),
    context: { ...contexts.reduce(merged), ...ofTheCli(files) },
    variables: {
      ...((files.debug ?? files.debugApp) ? { CDK_DEBUG: 'true' } : {}),
      ...(files.validation === false ? { CDK_VALIDATION: 'false' } : {}),
    },
  };
}

/** The options of the CLI that are given as environment variables, an empty one too little to be a command. */
function given(env: Readonly<Record<string, string | undefined>>): Values {
  const named = ['app', 'build', 'output', 'profile', 'region'].map((name) => [name, env[`CDK_${name.toUpperCase()}`]]);
  return Object.fromEntries(named.filter(([, value]) => value)) as Values;
}

/** Context that the CLI knew long ago, and refuses since. */
function requireAllowed(context: unknown, file: string): void {
  for (const key of ['default-account', 'default-region']) {
    if (Object.hasOwn(record(context), key)) {
      throw new UsageError(`${file}: the CDK CLI does not support the context "${key}" any more. Remove it.`);
    }
  }
}

/** The context that the CLI adds by itself. It reports validation failures, so the app does not have to fail. */
function ofTheCli(settings: Values): Values {
  const unless = (name: string, key: string): Values => ((settings[name] ?? true) ? { [key]: true } : {});
  return {
    ...unless('pathMetadata', 'aws:cdk:enable-path-metadata'),
    ...unless('assetMetadata', 'aws:cdk:enable-asset-metadata'),
    ...((settings.versionReporting ?? true)
      ? { 'aws:cdk:version-reporting': true }
      : { 'aws:cdk:disable-version-reporting': true }),
    ...((settings.staging ?? true) ? {} : { 'aws:cdk:disable-asset-staging': true }),
    'aws:cdk:bundling-stacks': ['**'],
    '@aws-cdk/core:failSynthOnValidationErrors': false,
  };
}

/** The CLI joins a list with spaces. */
function commandLine(app: unknown): string | undefined {
  return text('app', Array.isArray(app) ? app.join(' ') : app);
}

function text(name: string, value: unknown): string | undefined {
  if (value !== undefined && typeof value !== 'string') {
    throw new UsageError(`cdk.json: ${name} must be a string, not ${JSON.stringify(value)}.`);
  }
  return value;
}

function readJson(file: string, name = file): Values {
  if (!existsSync(file)) {
    return {};
  }
  let text: string;
  try {
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new UsageError(`${name} can't be read: ${(error as Error).message}`, { cause: error });
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${name} is not valid JSON: ${(error as Error).message}`, { cause: error });
  }
  if (!isRecord(content)) {
    throw new UsageError(`${name} must be a JSON object, not ${JSON.stringify(content)}.`);
  }
  return content;
}

/** Later values win; objects are merged member by member. */
function merged(one: Values, other: Values): Values {
  const both = Object.entries(other).map(([key, value]): [string, unknown] => {
    const before = one[key];
    return [key, isRecord(before) && isRecord(value) ? merged(before, value) : value];
  });
  return { ...one, ...Object.fromEntries(both) };
}

function record(value: unknown): Values {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
