import { App, type IPropertyInjector, PropertyInjectors, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { JobDeletion, JobSelection, JobSweep } from '../../lib';

/** What an organisation wants of every construct of a class. */
function injector(constructUniqueId: string, props: object): IPropertyInjector {
  return { constructUniqueId, inject: (given: object) => ({ ...props, ...given }) };
}

test("an organisation's injectors reach the three constructs by public ids", () => {
  const app = new App();
  PropertyInjectors.of(app).add(
    injector('cdk-iot-job-deletion.JobDeletion', { cancelFirst: true }),
    injector('cdk-iot-job-deletion.JobSweep', { maxJobs: 7 }),
  );
  const stack = new Stack(app, 'S');
  new JobDeletion(stack, 'Teardown', { jobId: 'ota-1' });
  new JobDeletion(stack, 'Own', { jobId: 'ota-2', cancelFirst: false });
  new JobSweep(stack, 'Sweep', { jobs: JobSelection.matching({ jobIdPrefix: 'ota-' }) });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('Custom::IoTJobDeletion', { JobId: 'ota-1', CancelFirst: true });
  template.hasResourceProperties('Custom::IoTJobDeletion', { JobId: 'ota-2', CancelFirst: false });
  template.hasResourceProperties('Custom::IoTJobSweep', { MaxJobs: 7 });
});

test('the ids are public', () => {
  expect([JobDeletion, JobSweep].map((each) => each.PROPERTY_INJECTION_ID)).toEqual([
    'cdk-iot-job-deletion.JobDeletion',
    'cdk-iot-job-deletion.JobSweep',
  ]);
  expect(new JobDeletion(new Stack(), 'Teardown', { jobId: 'ota-1' })).toBeInstanceOf(JobDeletion);
  expect(JobDeletion.name).toBe('JobDeletion');
});
