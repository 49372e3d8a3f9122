import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AssetStaging } from 'aws-cdk-lib';
import { benchJobIds, obstacleOf, resourceCount, type StackContender } from './contender';
import { median } from './summary';

/** What a cold start pays for a handler. */
export interface HandlerCost {
  readonly name: string;
  /** Over Node's own start. */
  readonly loadMilliseconds: number;
  /** Its bundle's; what it loads from Lambda's runtime is not in it. */
  readonly bytes: number;
}

/** What it costs to synthesize a stack, or why it can't be. */
export type SynthCost = { readonly contender: string; readonly jobs: number } & (
  | { readonly milliseconds: number; readonly bytes: number; readonly resources: number }
  | { readonly obstacle: string }
);

const OURS = join(__dirname, '..', 'assets', 'handler', 'index.js');
const OURS_WITH_SDK = join(__dirname, '..', 'assets', 'handler', 'clients.js');
const AWS_CUSTOM_RESOURCE = join(
  dirname(require.resolve('aws-cdk-lib/package.json')),
  'custom-resource-handlers/dist/custom-resources/aws-custom-resource-handler/index.js',
);

const HANDLERS = [
  { name: 'JobDeletion, JobSweep', modules: [OURS], bundle: [OURS, OURS_WITH_SDK] },
  {
    name: 'JobDeletion, JobSweep, and the SDK that their first call loads',
    modules: [OURS, OURS_WITH_SDK],
    bundle: [OURS, OURS_WITH_SDK],
  },
  { name: 'AwsCustomResource', modules: [AWS_CUSTOM_RESOURCE], bundle: [AWS_CUSTOM_RESOURCE] },
  {
    name: 'AwsCustomResource, and the SDK client that its first call loads',
    modules: [AWS_CUSTOM_RESOURCE, require.resolve('@aws-sdk/client-iot')],
    bundle: [AWS_CUSTOM_RESOURCE],
  },
];

/** Loads each handler in a new process so many times, in turns, so that the machine's moods meet all of them alike. */
export function handlerCosts(repetitions: number): HandlerCost[] {
  const times = Array.from({ length: repetitions }, () => ({
    node: startMilliseconds([]),
    handlers: HANDLERS.map(({ modules }) => startMilliseconds(modules)),
  }));
  const own = median(times.map(({ node }) => node));
  return HANDLERS.map(({ name, bundle }, index) => ({
    name,
    loadMilliseconds: median(times.map(({ handlers }) => handlers[index]!)) - own,
    bytes: bundle.reduce((bytes, file) => bytes + statSync(file).size, 0),
  }));
}

function startMilliseconds(modules: readonly string[]): number {
  const script = modules.map((path) => `require(${JSON.stringify(path)});`).join('') || '0';
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['-e', script], {
    encoding: 'utf8',
    // As in Lambda; and what a module asks of its environment on loading, as our handler does, is there.
    env: { AWS_REGION: 'us-east-1', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  });
  const milliseconds = performance.now() - start;
  if (status !== 0) {
    throw new Error(`Loading ${modules.join(', ')} failed: ${stderr}`);
  }
  return milliseconds;
}

/** Synthesizes each stack so many times, in turns. */
export function synthCosts(
  contenders: readonly StackContender[],
  jobCounts: readonly number[],
  repetitions: number,
): SynthCost[] {
  const cases = jobCounts.flatMap((jobs) => contenders.map((contender) => ({ contender, jobs })));
  const rounds = Array.from({ length: repetitions }, () =>
    cases.map(({ contender, jobs }) => synthCost(contender, jobs)),
  );
  return cases.map((_, index) => {
    const costs = rounds.map((round) => round[index]!);
    const [first] = costs as [SynthCost];
    return 'obstacle' in first
      ? first
      : { ...first, milliseconds: median(costs.map((cost) => ('obstacle' in cost ? 0 : cost.milliseconds))) };
  });
}

function synthCost(contender: StackContender, jobs: number): SynthCost {
  AssetStaging.clearAssetHashCache();
  const start = performance.now();
  try {
    const synthesized = contender.synthesize(benchJobIds(jobs));
    return {
      contender: contender.name,
      jobs,
      milliseconds: performance.now() - start,
      bytes: JSON.stringify(synthesized.template).length,
      resources: resourceCount(synthesized),
    };
  } catch (error) {
    return { contender: contender.name, jobs, obstacle: obstacleOf(error) };
  }
}
