import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type DeleteJobRequest, JobDeletion } from '../lib';

/** Which job the example deletes. */
export interface ExampleStackProps extends StackProps {
  readonly job: DeleteJobRequest;
}

/** The smallest useful stack: when it goes, the job goes. */
export class ExampleStack extends Stack {
  constructor(scope: Construct, id: string, props: ExampleStackProps) {
    super(scope, id, props);
    new JobDeletion(this, 'Teardown', props.job);
  }
}
