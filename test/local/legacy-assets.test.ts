import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, LegacyStackSynthesizer, NestedStack, Stack } from 'aws-cdk-lib';
import { CfnThing } from 'aws-cdk-lib/aws-iot';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LocalAws, nestedTemplates, synthesizedStack } from '../../local';

const outdir = mkdtempSync(join(tmpdir(), 'legacy-'));
afterAll(() => rmSync(outdir, { recursive: true }));

test("an older synthesizer's asset parameters are filled in as cdk deploy does, in nested stacks too", async () => {
  const app = new App({ outdir });
  const stack = new Stack(app, 'S', { synthesizer: new LegacyStackSynthesizer() });
  new LambdaFunction(stack, 'Function', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromAsset(join(__dirname, '..', '..', 'assets', 'handler')),
  });
  new CfnThing(new NestedStack(stack, 'Nested'), 'Thing', { thingName: 'van' });
  const assembly = app.synth();

  const aws = await LocalAws.start({ virtualTime: true, nestedTemplate: nestedTemplates(assembly) });
  try {
    const { status } = await aws.cloudFormation.createStack(synthesizedStack(assembly, 'S'));
    expect([status, aws.stubs.map(({ type }) => type)]).toEqual(['CREATE_COMPLETE', []]);
    expect(aws.iot.thing('van')).toBeDefined();
  } finally {
    await aws.close();
  }
});
