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
  ['{"Resources":{"A":{"Type":"T","Proprties":{}}}}', "Invalid template resource property 'Proprties'"],
  ['{"Resources":{"A":{"Type":"T"}},"Outputs":{"O":{}}}', 'Every Outputs member must contain a Value object'],
  ['{"Resources":{"A":{"Type":"T"}},"Output":{}}', 'Invalid template property or properties [Output]'],
  ['{"Resources":{"A":5}}', 'Template format error: Any Resources member must be an object.'],
  ['Resources:\n  A:\n    Type: T\n    Properties:\n', "[/Resources/A/Properties] 'null' values are not allowed"],
  ['Resources:\n  A: b\n c: [', /: All mapping items must start at the same column at line 3, column 1$/],
])('the file %j is refused', (text, message) => {
  const file = join(outdir, 'next.yaml');
  writeFileSync(file, text);
  expect(() => parsePlanOptions(['--stack', 'S', '--template', file])).toThrow(message);
});

describe("what the template does not declare is refused in CloudFormation's words:", () => {
  const undeclared = 'Unresolved resource dependencies [X] in the Resources block of the template (resource A)';
  it.each([
    ['Ref', { Properties: { P: { Ref: 'X' } } }, {}, undeclared],
    ['Fn::Sub', { Properties: { P: { 'Fn::Sub': '${X}' } } }, {}, undeclared],
    ['DependsOn', { DependsOn: ['X'] }, {}, undeclared],
    ['in no branch', { Properties: { P: { 'Fn::If': ['C', '', { Ref: 'X' }] } } }, {}, undeclared],
    [
      'Fn::GetAtt',
      { Properties: { P: { 'Fn::GetAtt': 'X.Arn' } } },
      {},
      'references undefined resource X (resource A)',
    ],
    ['an output', {}, { Outputs: { O: { Value: { Ref: 'X' } } } }, 'dependencies [X] in the Outputs block'],
    [
      'a pseudo parameter',
      { Properties: { P: { Ref: 'AWS::X' } } },
      {},
      'dependencies [AWS::X] in the Resources block',
    ],
  ])('%s', (_, resource, more, message) => {
    const file = join(outdir, 'undeclared.json');
    const read = (template: object): unknown => {
      writeFileSync(file, JSON.stringify({ ...template, Resources: { A: { Type: 'T', ...resource } }, ...more }));
      return parsePlanOptions(['--stack', 'S', '--template', file]);
    };
    expect(() => read({})).toThrow(message);
    // A macro, or a loop, may declare it.
    expect(() => read({ Transform: 'Mine' })).not.toThrow();
  });
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
