import { Belongings } from '../../rehearsal/command/toolkit/belongings';

const region = 'eu-west-1';

test('what is left goes with these commands: stacks last first, then jobs, then the thing', () => {
  const belongings = new Belongings('thing', { app: 'node app.js', deployTo: { yes: true } });
  belongings.stacks.set('First', 'First').set('Second', 'Stage/Second');
  belongings.jobs.add({ stackName: 'First', jobId: 'job', region, retained: false });
  belongings.jobs.add({ stackName: 'First', jobId: 'edge-job', region, namespaceId: 'edge', retained: true });
  belongings.thingIn.add(region);
  expect(belongings.commands).toEqual([
    "npx cdk destroy 'Stage/Second' --app 'node app.js'",
    "npx cdk destroy 'First' --app 'node app.js'",
    'aws iot delete-job --job-id job --force --region eu-west-1',
    'aws iot delete-job --job-id edge-job --force --namespace-id edge --region eu-west-1',
    'aws iot delete-thing --thing-name thing --region eu-west-1',
  ]);
});

test('at an emulator each command says where', () => {
  const deployTo = { endpoint: new URL('http://localhost:4566'), yes: false };
  const belongings = new Belongings('thing', { deployTo });
  belongings.stacks.set('Only', 'Only');
  expect(belongings.commands).toEqual(["AWS_ENDPOINT_URL=http://localhost:4566/ npx cdk destroy 'Only'"]);
});
