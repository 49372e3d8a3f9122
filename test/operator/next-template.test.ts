import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { UsageError } from '../../rehearsal/usage';
import { parsePlanOptions, type PlanOptions } from '../../operator/plan/options';

const HOME = { partition: 'aws', region: 'us-east-1', account: '123456789012' };
const ARN = 'arn:aws:cloudformation:us-east-1:123456789012:stack/Fleet/1';

let outdir: string;
beforeAll(() => {
  outdir = mkdtempSync(join(tmpdir(), 'assembly-'));
  const app = new App({ outdir });
  const stack = (id: string, stackName: string, region?: string): void => {
    const env = region === undefined ? undefined : { region, account: HOME.account };
    new CfnResource(new Stack(app, id, { stackName, env }), 'It', { type: id });
  };
  stack('Here', 'Fleet', 'us-east-1');
  stack('There', 'Fleet', 'eu-west-1');
  stack('Anywhere', 'Free');
  stack('Far', 'Far', 'eu-west-1');
  app.synth();
});
afterAll(() => rmSync(outdir, { recursive: true }));

function templateOf(stack: string): unknown {
  return (parsePlanOptions(['--stack', stack, '--template', outdir]) as PlanOptions).templateFor?.(HOME);
}

it.each([
  ['Fleet', 'Here'],
  [ARN, 'Here'],
  ['Free', 'Anywhere'],
])('in the folder of a cloud assembly, %s is the stack %s', (stack, type) => {
  expect(templateOf(stack)).toMatchObject({ Resources: { It: { Type: type } } });
});

it.each([
  ['Nope', 'there is no stack "Nope", only '],
  ['Far', 'no stack of that name is in us-east-1 of account 123456789012: Far is elsewhere.'],
])('%s is refused', (stack, message) => {
  expect(() => templateOf(stack)).toThrow(message);
});

it.each([
  ['', 'the template is not an object'],
  ['{}', 'At least one Resources member must be defined'],
  ['{"Resources":[]}', 'Resources is not an object'],
  ['{"Resources":{"A":{}}}', '[/Resources/A] Every Resources object must contain a Type member.'],
  ['{"Resources":{"A":{"Type":"T","Proprties":{}}}}', 'unknown attribute of resource A: Proprties'],
  ['{"Resources":{"A":{"Type":"T"}},"Outputs":{"O":{}}}', '[/Outputs/O] Every Outputs member must contain a Value'],
  ['{"Resources":{"A":{"Type":"T"}},"Output":{}}', 'unknown template section: Output'],
  ['Resources:\n  A: b\n c: [', /: All mapping items must start at the same column at line 3, column 1$/],
])('the file %j is refused', (text, message) => {
  const file = join(outdir, 'next.yaml');
  writeFileSync(file, text);
  expect(() => parsePlanOptions(['--stack', 'S', '--template', file])).toThrow(message);
});

it('an assembly whose template is missing is refused', () => {
  const broken = mkdtempSync(join(tmpdir(), 'broken-'));
  const app = new App({ outdir: broken });
  const { templateFile } = new Stack(app, 'S', { stackName: 'Broken' });
  app.synth();
  rmSync(join(broken, templateFile));
  const { templateFor } = parsePlanOptions(['--stack', 'Broken', '--template', broken]) as PlanOptions;
  expect(() => templateFor?.(HOME)).toThrow(UsageError);
  rmSync(broken, { recursive: true });
});

it('a byte order mark is no part of a template', () => {
  const file = join(outdir, 'marked.json');
  writeFileSync(file, '\uFEFF{"Resources":{"A":{"Type":"T"}}}');
  const { templateFor } = parsePlanOptions(['--stack', 'S', '--template', file]) as PlanOptions;
  expect(templateFor?.(HOME)).toStrictEqual({ Resources: { A: { Type: 'T' } } });
});

it('a folder that is no assembly is refused', () => {
  expect(() => parsePlanOptions(['--stack', 'S', '--template', tmpdir()])).toThrow('it has no manifest.json');
});

it('the region is the one in the ARN, and another one is refused', () => {
  expect(parsePlanOptions(['--stack', ARN])).toMatchObject({ region: 'us-east-1' });
  expect(() => parsePlanOptions(['--stack', ARN, '--region', 'eu-west-1'])).toThrow('leave --region out');
});
