import { Belongings } from '../../rehearsal/command/toolkit/belongings';

const region = 'eu-west-1';
const deletion = { stackName: 'First', logicalId: 'A', retained: false };

test('what is left goes with these commands: jobs, without which the stacks can go; then stacks, last first; then the thing', () => {
  const belongings = new Belongings('thing', { app: 'node app.js', deployTo: { yes: true } });
  belongings.stacks.set('First', 'First').set('Second', 'Stage/Second');
  belongings.jobs.add({ deletion, jobId: 'job', region });
  belongings.jobs.add({ deletion, jobId: 'edge-job', region, namespaceId: 'edge' });
  belongings.thingIn.add(region);
  expect(belongings.commands).toEqual([
    'aws iot delete-job --job-id job --force --region eu-west-1',
    'aws iot delete-job --job-id edge-job --force --namespace-id edge --region eu-west-1',
    "npx cdk destroy 'Stage/Second' --app 'node app.js'",
    "npx cdk destroy 'First' --app 'node app.js'",
    'aws iot delete-thing --thing-name thing --region eu-west-1',
  ]);
});

test('at an emulator each command says where', () => {
  const deployTo = { endpoint: new URL('http://localhost:4566'), yes: false };
  const belongings = new Belongings('thing', { deployTo });
  belongings.stacks.set('Only', 'Only');
  expect(belongings.commands).toEqual(["AWS_ENDPOINT_URL=http://localhost:4566/ npx cdk destroy 'Only'"]);
});
