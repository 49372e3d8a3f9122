import * as assert from 'node:assert/strict';
import { App, Resource, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { aws_iot as iot } from 'aws-cdk-lib/interfaces';
import { JobDeletion, JobDeletionProvider, JobSelection, JobSweep } from 'cdk-iot-job-deletion';

/** A second copy of the package, as another library may bring it along. */
// oxlint-disable-next-line typescript/no-require-imports -- its types are those of the first
const copy = require('second-copy') as typeof import('cdk-iot-job-deletion');
assert.notEqual(copy.JobDeletion, JobDeletion);

/** A thing group of somebody else's, of which only the ARN is known. */
class Greenhouses extends Resource implements iot.IThingGroupRef {
  // Another version of aws-cdk-lib asks for its id, too.
  public readonly thingGroupRef = {
    thingGroupArn: 'arn:aws:iot:eu-west-1:111111111111:thinggroup/greenhouses',
    thingGroupName: '',
  } as iot.ThingGroupReference;
}

const context = { '@aws-cdk/core:defaultCrossStackReferences': 'weak' };
const app = new App({ outdir: 'references.out', context });
const env = { account: '111111111111', region: 'eu-west-1' };
const platform = new Stack(app, 'Platform', { env });
const provider = new JobDeletionProvider(platform, 'Provider');
const fleet = new Stack(app, 'Fleet', { env });
new JobSweep(fleet, 'Sweep', { jobs: JobSelection.targeting(new Greenhouses(fleet, 'Greenhouses')), provider });
new copy.JobDeletion(fleet, 'Teardown', { jobId: 'ota-2026-11', provider });
const own = JobDeletionProvider.getOrCreate(new Stack(app, 'Own'));
assert.equal(copy.JobDeletionProvider.getOrCreate(own), own);

const template = Template.fromStack(fleet);
template.hasResourceProperties('Custom::IoTJobSweep', { ThingGroupName: 'greenhouses' });
const tokens = Object.values(template.toJSON().Resources as Record<string, { Properties: { ServiceToken?: object } }>);
assert.deepEqual(
  tokens.map(({ Properties }) => Object.keys(Properties.ServiceToken ?? {})),
  [['Fn::ImportValue'], ['Fn::ImportValue']],
);
// Both copies know the job.
assert.throws(() => new JobDeletion(fleet, 'Again', { jobId: 'ota-2026-11', provider }), /ota-2026-11/);
