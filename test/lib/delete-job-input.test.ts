import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteJobInput } from '../../lib';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'delete-job-input-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const whole = { jobId: 'example-job-04', force: true, namespaceId: 'edge' };

test.each([
  ['input.json', JSON.stringify(whole)],
  ['marked.json', `\uFEFF${JSON.stringify(whole)}`],
  ['input.yaml', 'jobId: example-job-04\nforce: true\nnamespaceId: edge\n'],
  ['input.YML', "jobId: 'example-job-04' # [required]\nforce: true\nnamespaceId: edge\n"],
])('reads %s', (name, content) => {
  expect(DeleteJobInput.fromFile(file(name, content))).toEqual(whole);
});

test('the job id alone is enough', () => {
  expect(DeleteJobInput.fromFile(file('a.json', '{"jobId":"a"}'))).toEqual({ jobId: 'a' });
});

test("overrides win over the file, as the CLI's options do; undefined ones override nothing", () => {
  const path = file('skeleton.json', DeleteJobInput.skeleton());
  expect(DeleteJobInput.fromFile(path, { jobId: 'b', force: undefined, namespaceId: 'c' })).toEqual({
    jobId: 'b',
    force: true,
    namespaceId: 'c',
  });
});

test('the skeleton is that of the AWS CLI', () => {
  expect(DeleteJobInput.skeleton()).toBe('{\n    "jobId": "",\n    "force": true,\n    "namespaceId": ""\n}');
});

describe('errors name the file and the key', () => {
  test.each([
    ['unknown.json', '{"jobId":"a","jobid":"b"}', 'unknown key "jobid"; DeleteJob takes jobId, force, namespaceId.'],
    ['proto.json', '{"jobId":"a","constructor":"b"}', 'unknown key "constructor"'],
    ['force.json', '{"jobId":"a","force":"true"}', '"force" must be a boolean, but is "true".'],
    ['type.yaml', 'jobId: 7\n', '"jobId" must be a string, but is 7.'],
    ['null.yaml', 'jobId:\n', '"jobId" must be a string, but is null.'],
    ['empty.json', '{"jobId":""}', '"jobId" must be 1 to 64 characters'],
    ['namespace.json', '{"jobId":"a","namespaceId":""}', '"namespaceId" must be 1 to 64 characters'],
    ['missing.json', '{"force":true}', '"jobId" is missing.'],
    ['list.json', '[]', 'an input document is an object such as {"jobId":"example-job-04"}.'],
    ['nothing.yaml', '', 'an input document is an object'],
    ['text.json', 'jobId: a', 'cannot be read as an input document: '],
    ['bad.yaml', 'jobId: [', 'cannot be read as an input document: '],
    ['input.toml', 'jobId = "a"', 'an input document is a .json, .yaml or .yml file, not ".toml".'],
  ])('%s', (name, content, message) => {
    const path = file(name, content);
    expect(() => DeleteJobInput.fromFile(path)).toThrow(`${path}: ${message}`);
  });

  test('a file that is not there', () => {
    const path = join(folder, 'absent.json');
    expect(() => DeleteJobInput.fromFile(path)).toThrow(`${path}: cannot be read as an input document: ENOENT`);
  });
});
