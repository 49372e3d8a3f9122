// Got: CREATE_FAILED "No asset of the cloud assembly is the nested template at https://s3…"; the YAML asset (second line):
// "Unexpected token 'R', "Resources:"... is not valid JSON".
// Expected: a nested stack whose template is not here is walked through, with made-up outputs; YAML is read (`yaml` is bundled).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnStack, Stack } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { JobDeletion } from 'cdk-iot-job-deletion';
const app = new App();
const stack = new Stack(app, 'Fleet');
const yaml = process.env.YAML === '1';
const file = join(app.outdir, 'nested-case.yaml');
writeFileSync(file, 'Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n');
const templateUrl = yaml
  ? new Asset(stack, 'Template', { path: file }).httpUrl
  : 'https://s3.amazonaws.com/example/network.yaml';
new CfnStack(stack, 'Network', { templateUrl });
new JobDeletion(stack, 'Teardown', { jobId: 'ota-1', force: true });
