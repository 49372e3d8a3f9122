import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { oneJob } from '../../examples/one-job';
import { otaFleet } from '../../examples/ota-fleet';

// What a release would change in stacks that are deployed. `npx jest test/integ -u` accepts it, in a commit that says so.
test.each([
  ['JobDeletion', oneJob],
  ['JobSweep', otaFleet],
])('the template of a %s', (_, example) => {
  const app = new App();
  example(app);
  const stack = app.node.findAll().find((construct) => Stack.isStack(construct))!;
  const template = JSON.stringify(Template.fromStack(stack).toJSON());
  // The hashes of assets change with every build of the handler, and with the CDK's own.
  expect(JSON.parse(template.replace(/[0-9a-f]{64}/g, 'HASH'))).toMatchSnapshot();
});
