import { CfnThing, CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { App } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ExampleStack, type ExampleStackProps } from '../bin/example-stack';
import { JobDeletion, JobSelection, JobSweep } from '../lib';
import { type SynthesizedStack, synthesizedStack } from '../local/assembly';

/** The thing group that the sweep's jobs target. */
export const FLEET = 'rehearsal-fleet';

/** One version of the rehearsed stack. */
export interface FleetStackProps extends ExampleStackProps {
  /** Jobs that each have a resource of their own. */
  readonly singleJobs: readonly string[];
  /** The job that is deleted while the stack stays, whenever this changes. */
  readonly nightly: { readonly jobId: string; readonly revision: string };
  /** A thing that the stack creates after everything else: if it exists already, the deployment fails. */
  readonly lateThing?: string;
}

/** The example, with a fleet around it. */
export class FleetStack extends ExampleStack {
  constructor(scope: Construct, id: string, props: FleetStackProps) {
    super(scope, id, props);
    const fleet = new CfnThingGroup(this, 'Fleet', { thingGroupName: FLEET });
    new JobSweep(this, 'Sweep', { jobs: JobSelection.targeting(fleet), force: true });
    for (const jobId of props.singleJobs) {
      new JobDeletion(this, jobId, { jobId, force: true, cancelFirst: true, deleteBefore: [fleet] });
    }
    new JobDeletion(this, 'Nightly', { ...props.nightly, force: true });
    if (props.lateThing !== undefined) {
      const late = new CfnThing(this, 'LateThing', { thingName: props.lateThing });
      for (const deletion of this.node.findAll()) {
        if (deletion instanceof JobDeletion || deletion instanceof JobSweep) {
          deletion.deleteAfter(late);
        }
      }
    }
  }
}

/** Synthesizes a version of the stack as the CDK CLI would. */
export function synthesize(props: FleetStackProps): SynthesizedStack {
  const app = new App();
  const { stackName } = new FleetStack(app, 'Rehearsal', props);
  return synthesizedStack(app.synth(), stackName);
}
