import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { type SynthesizedStack, synthesizedStack } from '../local/assembly';
import type { LocalAws } from '../local/aws';

/** What a contender has to do: delete so many jobs, each of which AWS IoT takes so long to delete. */
export interface Load {
  readonly jobs: number;
  readonly deletionSeconds: number;
  /** How many invocations the account may have at a time. Default: as many as come. */
  readonly accountConcurrency?: number;
}

/** A way of deleting the jobs that belong to a stack. */
export interface Contender {
  readonly name: string;
  /** It is a process of its own, so its time is real. */
  readonly isProcess?: true;
  /** It has this load, and no other has it. */
  readonly onlyLoad?: Load;
  /** It takes long and always the same, so that it need not be run more often. */
  mostRuns?(load: Load): number;
  /** Why it can't do this at all, or not in a time that anybody would wait; nothing if it can. */
  obstacle(load: Load): string | undefined;
  /** How long it may be expected to take. */
  expectedSeconds(load: Load): number;
  /** Everything up to the moment before the jobs are to go. */
  deploy(aws: LocalAws, jobIds: readonly string[]): Promise<Deployment>;
}

/** A contender that is ready to delete its jobs. */
export interface Deployment {
  /** How many resources its template has; nothing where there is no template. */
  readonly resources?: number;
  /** Deletes the jobs; resolves when the one who asked is answered. */
  readonly remove: () => Promise<{ readonly status: string; readonly reason?: string }>;
}

/** A contender that is a stack. */
export interface StackContender extends Contender {
  /** @throws if a stack can't hold so many */
  synthesize(jobIds: readonly string[]): SynthesizedStack;
}

/** The best that the service allows: 10 deletions at a time. */
export function boundSeconds({ jobs, deletionSeconds }: Load): number {
  return Math.ceil(jobs / 10) * deletionSeconds;
}

/** The ids of so many jobs, as every contender gets them. */
export function benchJobIds(jobs: number): string[] {
  return Array.from({ length: jobs }, (_, i) => `bench-${String(i + 1).padStart(3, '0')}`);
}

/** A contender from what it puts into a stack for its jobs. */
export function stackContender(
  name: string,
  build: (stack: Stack, jobIds: readonly string[]) => void,
  expectedSeconds: (load: Load) => number = boundSeconds,
): StackContender {
  const synthesize = (jobIds: readonly string[]): SynthesizedStack => {
    // With the metadata resource that the CDK CLI adds.
    const app = new App({ outdir: newDirectory(), analyticsReporting: true });
    const stack = new Stack(app, 'Bench');
    build(stack, jobIds);
    return synthesizedStack(app.synth(), stack.stackName);
  };
  return {
    name,
    synthesize,
    obstacle({ jobs }) {
      try {
        synthesize(benchJobIds(jobs));
        return undefined;
      } catch (error) {
        return obstacleOf(error);
      }
    },
    expectedSeconds,
    async deploy(aws, jobIds) {
      const synthesized = synthesize(jobIds);
      const { cloudFormation } = aws;
      const { status, reason } = await cloudFormation.createStack(synthesized);
      if (status !== 'CREATE_COMPLETE') {
        throw new Error(`${name}: the stack with ${jobIds.length} jobs is ${status}: ${reason}`);
      }
      return {
        resources: resourceCount(synthesized),
        remove: async () => {
          const operation = await cloudFormation.deleteStack({ stackName: synthesized.stackName });
          const firstFailure = operation.events.find((event) => event.status === 'DELETE_FAILED');
          return { status: operation.status, reason: firstFailure?.reason };
        },
      };
    },
  };
}

/** How many resources a template has. */
export function resourceCount({ template }: SynthesizedStack): number {
  return Object.keys(template.Resources as object).length;
}

/** CDK's own words for a stack that is too large, but for the list of its resources; anything else is thrown on. */
export function obstacleOf(error: unknown): string {
  const tooMany = /(\d+) is greater than allowed maximum of (\d+)/.exec(String(error));
  if (!tooMany) {
    throw error;
  }
  return `${tooMany[1]} resources, a stack has at most ${tooMany[2]}`;
}

let workspace: string | undefined;

/** Removes every cloud assembly that was made so far. */
export function removeAssemblies(): void {
  if (workspace !== undefined) {
    rmSync(workspace, { recursive: true, force: true });
    workspace = undefined;
  }
}

/** A folder for one cloud assembly. */
function newDirectory(): string {
  workspace ??= mkdtempSync(join(tmpdir(), 'bench-'));
  return mkdtempSync(join(workspace, 'cdk.out-'));
}
