import { App } from 'aws-cdk-lib';
import { ExampleStack } from '../../bin/example-stack';
import { JobSelection, JobSweep } from '../../lib';

beforeEach(() => delete process.env.CDK_VALIDATION);
afterEach(() => (process.env.CDK_VALIDATION = 'false'));

/** An app in which a finding of the CDK's own rules is an error. */
function validatedApp(): App {
  return new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
}

test("the CDK's own rules find nothing in what our constructs synthesize", () => {
  const app = validatedApp();
  const stack = new ExampleStack(app, 'Example', { job: { jobId: 'ota-1' } });
  new JobSweep(stack, 'Sweep', { jobs: JobSelection.matching({ jobIdPrefix: 'ota-' }) });
  expect(() => app.synth()).not.toThrow();
});
