import { type App, Stack, type StackProps, Stage, type StageProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { JobDeletion } from 'cdk-iot-job-deletion';

interface FirmwareProps {
  /** Each environment has its own rollout. */
  readonly jobId: string;
}

class FirmwareStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & FirmwareProps) {
    super(scope, id, props);
    new JobDeletion(this, 'Rollout', { jobId: props.jobId, force: true });
  }
}

class FirmwareStage extends Stage {
  constructor(scope: Construct, id: string, props: StageProps & FirmwareProps) {
    super(scope, id, props);
    new FirmwareStack(this, 'Firmware', { jobId: props.jobId });
  }
}

/** A job for each environment of a pipeline: `pipeline.addStage(…)` takes such a stage. */
export function pipeline(app: App): void {
  new FirmwareStage(app, 'Beta', { jobId: 'firmware-beta' });
  new FirmwareStage(app, 'Prod', { jobId: 'firmware-prod' });
}
