import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as ToolkitLib from '@aws-cdk/toolkit-lib';
import { CloudAssembly, type CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import type { Terminal } from '../../terminal';
import { UsageError } from '../../usage';
import { Interrupted, unlessAborted } from '../../interruption';
import { appOf, build, isAssembly } from '../app';
import { type AppOptions, readSettings, type Settings } from '../settings';
import type { StackToRehearse } from '../stacks';

/** The credentials and the region that the CDK CLI would use. */
export type BaseConfig = Awaited<ReturnType<ToolkitLib.IBaseCredentialsProvider['sdkBaseConfig']>>;

/** The message about something that has happened to a resource. */
const STACK_ACTIVITY = 'CDK_TOOLKIT_I5502';

/** The CDK Toolkit Library, which the user installs beside this one: it does what the CDK CLI does. */
export class Cdk {
  /**
   * @param pollingInterval - milliseconds between two looks at a stack, where the Toolkit Library is not to choose
   * @throws UsageError if it is not installed
   */
  static async load(options: AppOptions, terminal: Terminal, pollingInterval?: number): Promise<Cdk> {
    try {
      return new Cdk(await import('@aws-cdk/toolkit-lib'), readSettings(options), terminal, pollingInterval);
    } catch (error) {
      if (!/MODULE_NOT_FOUND$/.test((error as NodeJS.ErrnoException).code ?? '')) {
        throw error;
      }
      throw new UsageError(
        '--endpoint and --aws need the CDK Toolkit Library: npm install --save-dev @aws-cdk/toolkit-lib',
        { cause: error },
      );
    }
  }

  private readonly host: ToolkitLib.IIoHost;
  private readonly toolkit: ToolkitLib.Toolkit;

  private readonly credentials: ToolkitLib.IBaseCredentialsProvider;

  private constructor(
    private readonly lib: typeof ToolkitLib,
    private readonly settings: Settings,
    private readonly terminal: Terminal,
    private readonly pollingInterval: number | undefined,
  ) {
    const { profile, region: defaultRegion } = settings;
    this.credentials = lib.BaseCredentials.awsCliCompatible({ profile, defaultRegion });
    this.host = {
      notify: (message) => Promise.resolve(this.tell(message)),
      // Whoever is at the keyboard was asked once, for everything.
      requestResponse: ({ defaultResponse }) => Promise.resolve(defaultResponse),
    };
    const sdkConfig = { baseCredentials: this.credentials };
    this.toolkit = new lib.Toolkit({ ioHost: this.host, sdkConfig, emojis: false, color: false });
  }

  /** What the CDK CLI finds in the environment and in the AWS CLI's files. */
  async baseConfig(): Promise<BaseConfig> {
    return this.credentials.sdkBaseConfig(this.host, {});
  }

  /** Runs something on what an app synthesizes, context looked up, or on a cloud assembly that is there already. */
  async withApp<T>(options: AppOptions, signal: AbortSignal, use: (app: DeployableApp) => Promise<T>): Promise<T> {
    await build(this.settings, this.terminal, signal);
    const app = appOf(this.settings);
    if (isAssembly(app)) {
      return this.withSource(await this.toolkit.fromAssemblyDirectory(app), app, signal, use);
    }
    const outdir = mkdtempSync(join(tmpdir(), 'rehearsal-'));
    try {
      const contextStore = new this.lib.CdkAppMultiContext(process.cwd(), options.context);
      return await this.withSource(await this.toolkit.fromCdkApp(app, { contextStore, outdir }), app, signal, use);
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  }

  private async withSource<T>(
    source: ToolkitLib.ICloudAssemblySource,
    app: string,
    signal: AbortSignal,
    use: (app: DeployableApp) => Promise<T>,
  ): Promise<T> {
    const synth = this.terminal.whileWaiting(() => app, unlessAborted(this.toolkit.synth(source), signal));
    const cached = await synth.catch((error: Error) => {
      throw error instanceof Interrupted ? error : new UsageError(error.message, { cause: error });
    });
    try {
      return await use(new DeployableApp(this.lib, this.toolkit, cached, this.pollingInterval));
    } finally {
      await cached.dispose();
    }
  }

  private tell({ code, time, level, message, data }: ToolkitLib.IoMessage<unknown>): void {
    if (code === STACK_ACTIVITY) {
      const { event } = data as ToolkitLib.StackActivity;
      this.terminal.event({
        time: event.Timestamp ?? time,
        status: event.ResourceStatus ?? '',
        type: event.ResourceType ?? '',
        logicalId: event.LogicalResourceId ?? '',
        reason: event.ResourceStatusReason,
      });
    } else if (level === 'warn' || level === 'error') {
      this.terminal.line(message);
    }
  }
}

/** A synthesized app, whose stacks can be deployed and destroyed one at a time. */
export class DeployableApp {
  readonly assembly: CloudAssembly;

  constructor(
    private readonly lib: typeof ToolkitLib,
    private readonly toolkit: ToolkitLib.Toolkit,
    private readonly source: ToolkitLib.CachedCloudAssembly,
    private readonly stackEventPollingInterval: number | undefined,
  ) {
    this.assembly = new CloudAssembly(source.cloudAssembly.directory);
  }

  /** Publishes a stack's assets and creates it; resolves when CloudFormation is done, rejects if it failed. */
  async deploy({ artifact, parameters }: StackToRehearse): Promise<void> {
    const named = Object.entries(parameters).map(([name, value]) => [`${artifact.stackName}:${name}`, value]);
    await this.toolkit.deploy(this.source, {
      stacks: this.only(artifact),
      parameters: this.lib.StackParameters.exactly(Object.fromEntries(named) as Record<string, string>),
      deploymentMethod: { method: 'direct' },
      stackEventPollingInterval: this.stackEventPollingInterval,
    });
  }

  /** Destroys a stack; resolves when CloudFormation is done, rejects if it failed. */
  async destroy(artifact: CloudFormationStackArtifact): Promise<void> {
    const { stackEventPollingInterval } = this;
    await this.toolkit.destroy(this.source, { stacks: this.only(artifact), stackEventPollingInterval });
  }

  private only({ hierarchicalId }: CloudFormationStackArtifact): ToolkitLib.StackSelector {
    return { strategy: this.lib.StackSelectionStrategy.PATTERN_MUST_MATCH_SINGLE, patterns: [hierarchicalId] };
  }
}
