import { App, Stack } from 'aws-cdk-lib';
import { CfnThing } from 'aws-cdk-lib/aws-iot';
import { DISABLE_CREATION_STACK_TRACES } from 'aws-cdk-lib/cx-api';
import type { IConstruct } from 'constructs';
import { JobDeletion, type JobDeletionProps } from '../../lib';
import { type SynthesizedStack, synthesizedStack } from '../../local/assembly';
import { LocalAws, type LocalAwsOptions } from '../../local/aws';
import { simulatedIam } from '../../rehearsal/authoriser';

/** The embedded AWS, in which every call is authorised by the template's own policies, and idle time is skipped. */
export function startAws(options: Partial<LocalAwsOptions> = {}): Promise<LocalAws> {
  return LocalAws.start({
    strict: true,
    virtualTime: true,
    authoriser: simulatedIam,
    deletionTime: () => 300,
    ...options,
  });
}

/** Strangers' deletions take all slots of the account, for so many milliseconds. */
export function takeAllSlots(aws: LocalAws, deletionTime: number): void {
  for (let i = 0; i < 10; i++) {
    aws.iot.createJob({ jobId: `stranger-${i}`, status: 'DELETION_IN_PROGRESS', deletionTime });
  }
}

/** Synthesizes a stack, without what CDK keeps for its own reports: that takes it a fifth of the time. */
export function synthesize(build: (stack: Stack) => void): SynthesizedStack {
  const app = new App({ treeMetadata: false, context: { [DISABLE_CREATION_STACK_TRACES]: true } });
  const stack = new Stack(app, 'S');
  build(stack);
  return synthesizedStack(app.synth(), 'S');
}

/** A stack that deletes these jobs. */
export function deleting(...jobs: (Partial<JobDeletionProps> & { jobId: string })[]): SynthesizedStack {
  return synthesize((stack) => {
    for (const props of jobs) {
      new JobDeletion(stack, `Of-${props.jobId}`, props);
    }
  });
}

/** A thing that exists already: creating it fails, and that after everything else was done. */
export const TAKEN = 'taken';

/** Makes the stack's next operation fail, when all of these are done. */
export function failAfter(stack: Stack, ...constructs: IConstruct[]): void {
  const thing = new CfnThing(stack, 'Taken', { thingName: TAKEN });
  thing.node.addDependency(...constructs);
}

/** The name of the function of the stack's provider. */
export function functionName(aws: LocalAws): string {
  const { resources } = aws.cloudFormation.stack('S');
  return resources.find(({ type }) => type === 'AWS::Lambda::Function')!.physicalId!;
}

/** The reasons of a stack's failed resources, as the CloudFormation console shows them. */
export function failures(events: readonly { status: string; reason?: string; type: string }[]): string[] {
  return events
    .filter(({ status, type }) => status.endsWith('_FAILED') && type.startsWith('Custom::'))
    .map(({ reason = '' }) => reason);
}

/** The calls that changed something, over the wire, and how they ended. */
export function effects(aws: LocalAws): string[] {
  return aws.iot.calls
    .filter(({ operation }) => operation === 'DeleteJob' || operation === 'CancelJob')
    .map(({ operation, jobId, outcome }) => `${operation} ${jobId}: ${outcome}`);
}
