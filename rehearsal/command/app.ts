import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { type Account, exampleAccount } from '../../local';
import { cloudAssemblyIn } from '../../local/assembly';
import type { Terminal } from '../terminal';
import { UsageError } from '../usage';
import { type AppOptions, readSettings, type Settings } from './settings';

/** Linux takes no more than this in one environment variable, and the CDK CLI keeps to it for all of them together. */
const ENVIRONMENT_BYTES = 131_072;

/** The exit status of a shell that does not find the command. */
const NOT_FOUND = 127;

/** Runs something on the cloud assembly that an app synthesizes, or on one that is there already. */
export async function withAssembly<T>(
  options: AppOptions,
  terminal: Terminal,
  signal: AbortSignal,
  use: (assembly: CloudAssembly, home: Account) => Promise<T>,
): Promise<T> {
  const settings = readSettings(options);
  await build(settings, terminal, signal);
  const app = appOf(settings);
  const home = homeOf(settings);
  const environment = { ...process.env, ...environmentOf(settings) };
  if (isAssembly(app)) {
    if (Object.keys(options.context).length > 0) {
      terminal.line(`--context has no effect: ${app} is synthesized already`);
    }
    return use(assemblyIn(app), home);
  }
  const directory = mkdtempSync(join(tmpdir(), 'rehearsal-'));
  let hint = '';
  try {
    const started = Date.now();
    const context = contextVariables(settings.context, { ...environment, CDK_OUTDIR: directory }, directory);
    try {
      await run('app', commandLine(app), { ...environment, CDK_OUTDIR: directory, ...context }, terminal, signal);
    } catch (error) {
      hint = existsSync(join(directory, 'policy-validation-report.json')) ? directory : '';
      throw error;
    }
    return await use(assemblyIn(synthesizedInto([directory, settings.output], app, started)), home);
  } finally {
    // A report that the app's own message points at is left to be read.
    if (hint === '') {
      rmSync(directory, { recursive: true, force: true });
    }
  }
}

/** Runs cdk.json's `build`, which comes before whatever the app is. */
export async function build(settings: Settings, terminal: Terminal, signal: AbortSignal): Promise<void> {
  if (settings.build) {
    await run('build of cdk.json', settings.build, { ...process.env, ...environmentOf(settings) }, terminal, signal);
  }
}

/** The command that synthesizes, or a cloud assembly's folder. */
export function appOf({ app }: Settings): string {
  if (!app?.trim()) {
    throw new UsageError('No app: there is no cdk.json with an app in this folder. Name the app with --app.');
  }
  return app;
}

/** Whether it is the folder of a cloud assembly, which needs no synthesis. */
export function isAssembly(app: string): boolean {
  return statSync(app, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function assemblyIn(directory: string): CloudAssembly {
  try {
    return cloudAssemblyIn(directory);
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/** An app may know its folder by itself, and name the same one to the CDK CLI with `output`. */
function synthesizedInto(directories: readonly string[], app: string, started: number): string {
  const directory = directories.find((each) => {
    const manifest = statSync(join(each, 'manifest.json'), { throwIfNoEntry: false });
    return manifest !== undefined && manifest.mtimeMs >= started - 1;
  });
  if (directory === undefined) {
    throw new UsageError(
      `The app synthesized nothing: ${app}. It may not call app.synth(), or it writes to a folder that is not the output of cdk.json.`,
    );
  }
  return directory;
}

/** Where stacks go that follow the CDK CLI's own account and region. There is no account here. */
function homeOf({ region }: Settings): Account {
  const { CDK_DEFAULT_ACCOUNT, CDK_DEFAULT_REGION, AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  return {
    accountId: CDK_DEFAULT_ACCOUNT || exampleAccount.accountId,
    region: CDK_DEFAULT_REGION || region || AWS_REGION || AWS_DEFAULT_REGION || exampleAccount.region,
  };
}

function environmentOf(settings: Settings): NodeJS.ProcessEnv {
  const { accountId, region } = homeOf(settings);
  return { CDK_DEFAULT_ACCOUNT: accountId, CDK_DEFAULT_REGION: region, ...settings.variables };
}

/** The context; what does not fit into the environment is written to a file, where CDK looks for it. */
function contextVariables(
  context: Settings['context'],
  environment: NodeJS.ProcessEnv,
  directory: string,
): NodeJS.ProcessEnv {
  const bytes = (text = ''): number => Buffer.byteLength(text);
  const used = Object.entries(environment).reduce((sum, [name, value]) => sum + bytes(name) + bytes(value), 0);
  let room = ENVIRONMENT_BYTES - used - bytes('CDK_CONTEXT_JSON');
  const entries = Object.entries(context);
  const tooMuch = entries.findIndex((entry) => (room -= bytes(JSON.stringify(Object.fromEntries([entry])))) < 0);
  if (tooMuch < 0) {
    return { CDK_CONTEXT_JSON: JSON.stringify(context) };
  }
  const file = join(directory, 'context-overflow.json');
  writeFileSync(file, JSON.stringify(Object.fromEntries(entries.slice(tooMuch))));
  return {
    CDK_CONTEXT_JSON: JSON.stringify(Object.fromEntries(entries.slice(0, tooMuch))),
    CONTEXT_OVERFLOW_LOCATION_ENV: file,
  };
}

/** As the CDK CLI does, a JavaScript file that is not executable is run with this Node. */
function commandLine(app: string): string {
  const [, quoted, plain, rest = ''] = /^\s*(?:"([^"]*)"|(\S+))(.*)$/s.exec(app) ?? [];
  const [file, options] = existsSync(app) ? [app, ''] : [quoted ?? plain ?? '', rest];
  const isScript = extname(file) === '.js' && existsSync(file) && !isExecutable(file);
  return isScript ? `${quote(process.execPath)} ${quote(file)}${options}` : app;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return process.platform !== 'win32';
  } catch {
    return false;
  }
}

function quote(path: string): string {
  return /^[A-Za-z0-9_+=:,.@/-]+$/.test(path) ? path : `"${path.replace(/([\\"$`])/g, '\\$1')}"`;
}

/** Runs a command as the CDK CLI does, in a shell, until it ends or the signal aborts. */
async function run(
  what: string,
  command: string,
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  // Standard output may be for JSON: what the app says goes to the other. In a process group of its own, it ends whole.
  const child = spawn(command, { shell: true, env, stdio: ['ignore', 2, 2], detached: process.platform !== 'win32' });
  const end = (): void => {
    try {
      process.kill(process.platform === 'win32' ? child.pid! : -child.pid!, 'SIGTERM');
    } catch {
      // It has just ended by itself.
    }
  };
  signal.addEventListener('abort', end);
  try {
    const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
    const [code, by] = await terminal.whileWaiting(() => command, ended);
    signal.throwIfAborted();
    if (code !== 0) {
      const how = code === null ? `was ended by ${by}` : `ended with exit status ${code}`;
      const hint =
        what === 'app' && code === NOT_FOUND ? ' --app takes a command, or the folder of a cloud assembly.' : '';
      throw new UsageError(`The ${what} ${how}: ${command} (its messages are above)${hint}`);
    }
  } finally {
    signal.removeEventListener('abort', end);
  }
}
