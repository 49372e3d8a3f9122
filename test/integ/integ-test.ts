import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, type Stack } from 'aws-cdk-lib';
import { DISABLE_CREATION_STACK_TRACES } from 'aws-cdk-lib/cx-api';
import type { TargetSelection } from '../../lib';

/** An app whose snapshot has as little in it as CDK allows of the machine on which it was made. */
export function integApp(): App {
  return new App({ stackTraces: false, treeMetadata: false, context: { [DISABLE_CREATION_STACK_TRACES]: true } });
}

/** What a run of integ-runner on AWS is about. */
export interface IntegTestOptions {
  readonly stacks: Stack[];
  /** The thing or thing group that the jobs are for: an ARN. */
  readonly target: string;
  readonly targetSelection?: TargetSelection;
  /** The jobs, which are made when the stacks are there. */
  readonly jobIds: readonly string[];
}

/**
 * The jobs are made after the deploy, and in progress; the destroy fails unless they went with the stacks.
 *
 * That is what a run on AWS shows, and on the embedded one. Without a run, integ-runner compares the templates with their
 * snapshots: what a release would change in stacks that are deployed.
 */
export function integTest(app: App, id: string, { stacks, target, targetSelection, jobIds }: IntegTestOptions): void {
  const { assertions } = new IntegTest(app, id, {
    testCases: stacks,
    // It would deploy the snapshot first, which it can only with the assets in it.
    stackUpdateWorkflow: false,
    hooks: { postDestroy: [['node --import tsx assert-gone.ts', ...jobIds].join(' ')] },
  });
  for (const jobId of jobIds) {
    assertions
      .awsApiCall('IoT', 'createJob', { jobId, targets: [target], targetSelection, document: '{}' })
      .next(
        assertions
          .awsApiCall('IoT', 'describeJob', { jobId })
          .expect(ExpectedResult.objectLike({ job: { jobId, status: 'IN_PROGRESS' } })),
      );
  }
}
