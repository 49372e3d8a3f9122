import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { exampleAccount } from '../../local';
import { UsageError } from '../usage';

/** What to synthesize. */
export interface AppOptions {
  readonly app?: string;
  readonly context: Readonly<Record<string, string>>;
}

/** The members of cdk.json that matter here. */
interface CdkJson {
  readonly app?: string;
  readonly context?: Readonly<Record<string, unknown>>;
}

/** Runs something on the cloud assembly that an app synthesizes, or on one that is there already. */
export async function withAssembly<T>(options: AppOptions, use: (assembly: CloudAssembly) => Promise<T>): Promise<T> {
  const app = appOf(options);
  if (isAssembly(app)) {
    return use(new CloudAssembly(app));
  }
  const directory = mkdtempSync(join(tmpdir(), 'rehearsal-'));
  try {
    const { context: own } = readJson<CdkJson>('cdk.json');
    const context = { ...own, ...readJson('cdk.context.json'), ...options.context };
    await synthesize(app, directory, context);
    return await use(new CloudAssembly(directory));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The command that synthesizes, or a cloud assembly's folder. */
export function appOf({ app = readJson<CdkJson>('cdk.json').app }: AppOptions): string {
  if (app === undefined) {
    throw new UsageError('There is no cdk.json with an app in this folder: name the app with --app.');
  }
  return app;
}

/** Whether it is the folder of a cloud assembly, which needs no synthesis. */
export function isAssembly(app: string): boolean {
  return existsSync(join(app, 'manifest.json'));
}

/** Runs the app as the CDK CLI does. */
async function synthesize(app: string, directory: string, context: object): Promise<void> {
  const env = {
    CDK_DEFAULT_ACCOUNT: exampleAccount.accountId,
    CDK_DEFAULT_REGION: exampleAccount.region,
    ...process.env,
    CDK_OUTDIR: directory,
    CDK_CONTEXT_JSON: JSON.stringify(context),
  };
  // Standard output may be for JSON: what the app says goes to the other.
  const child = spawn(app, { shell: true, env, stdio: ['ignore', 2, 2] });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) {
    throw new UsageError(`The app ended with exit status ${code ?? 'unknown'}: ${app} (what it said is above)`);
  }
  if (!existsSync(join(directory, 'manifest.json'))) {
    throw new UsageError(`The app synthesized nothing: ${app}`);
  }
}

function readJson<T extends object>(file: string): Partial<T> {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<T>) : {};
}
