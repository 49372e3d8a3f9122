// How cdk.json is read. Each: an empty folder with this file compiled to app.js (mode 644), node_modules, and the cdk.json given.
// All five: `npx cdk synth` does it; rehearse does not.
//  1. {"app":"app.js"}: got exit 2 "app.js: Permission denied"; expected: a .js file that is not executable is run with node.
//  2. {"app":"node build/app.js","build":"npx tsc --outDir build"}: got exit 2, build/app.js is missing; expected: "build" is run first.
//  3. {"app":"node app.js","context":{"job":"a"}} and cdk.context.json {"job":"b"}: got job b; expected a: cdk.json wins in the CLI.
//  4. ~/.cdk.json {"context":{"job":"c"}}: got ota-none; expected c.
//  5. a cdk.context.json of more than 128 KiB (400 VPC lookups): got a stack trace "Error: spawn E2BIG", exit 1; expected: what does not
//     fit into CDK_CONTEXT_JSON goes to a file, CONTEXT_OVERFLOW_LOCATION_ENV (aws-cdk #19261, #21373).
import { App, Stack } from 'aws-cdk-lib';
import { JobDeletion } from 'cdk-iot-job-deletion';
const app = new App();
new JobDeletion(new Stack(app, 'Fleet'), 'Teardown', {
  jobId: (app.node.tryGetContext('job') as string | undefined) ?? 'ota-none',
  force: true,
});
