import { parseDefinition } from '../../../local/states/definition';

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:work';
const source = (state: object): string =>
  JSON.stringify({ StartAt: 'Work', States: { Work: { Type: 'Task', Resource: ARN, End: true, ...state } } });

test.each([
  ['no ARN', { Resource: 'arn:aws:lambda:us-east-1:work' }],
  ['a path that is none', { InputPath: 'nowhere' }],
  ['a state that never ends', { End: undefined }],
])('%s is refused, also when a definition much like it was accepted', (_, wrong) => {
  expect(parseDefinition(source({})).tasks).toEqual(new Map([['Work', ARN]]));
  expect(() => parseDefinition(source(wrong))).toThrow(/^Invalid State Machine Definition: /);
});

test('another function in the same place is called, although the definition is not checked again', () => {
  const other = ARN.replace('work', 'other');
  parseDefinition(source({}));
  expect(parseDefinition(source({ Resource: other })).tasks).toEqual(new Map([['Work', other]]));
});
