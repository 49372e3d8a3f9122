import { Rig, thing } from './rig';

let rig: Rig;
beforeEach(async () => {
  rig = new Rig();
  await rig.responses.listen();
});
afterEach(() => rig.responses.close());

const Transform = 'AWS::LanguageExtensions';

test('loops make resources, conditions, outputs and properties, also within each other', async () => {
  const Resources = {
    'Fn::ForEach::Fleets': [
      'Fleet',
      { Ref: 'Names' },
      {
        'Thing&{Fleet}': thing('${Fleet}-thing', { Condition: 'Is&{Fleet}' }),
        'Fn::ForEach::Regions': [
          'Region',
          ['eu', 'us'],
          {
            'Thing&{Fleet}${Region}': {
              Type: 'AWS::IoT::Thing',
              Properties: { ThingName: { 'Fn::Join': ['-', [{ Ref: 'Fleet' }, { Ref: 'Region' }]] } },
            },
          },
        ],
      },
    ],
  };
  const { status } = await rig.create(Resources, {
    Transform,
    Parameters: { Names: { Type: 'CommaDelimitedList', Default: 'the-cars, vans' } },
    Conditions: {
      'Fn::ForEach::Is': ['Fleet', { Ref: 'Names' }, { 'Is&{Fleet}': { 'Fn::Equals': ['${Fleet}', 'vans'] } }],
    },
    Outputs: {
      'Fn::ForEach::Out': ['Fleet', { Ref: 'Names' }, { 'Out&{Fleet}': { Value: { Ref: 'Thing&{Fleet}eu' } } }],
    },
  });
  expect(status).toBe('CREATE_COMPLETE');
  expect([...rig.things].sort()).toEqual(['the-cars-eu', 'the-cars-us', 'vans-eu', 'vans-thing', 'vans-us']);
  expect(Object.entries(rig.cloudFormation.stack('S').outputs).map(([name, { value }]) => [name, value])).toEqual([
    ['Outthecars', 'the-cars-eu'],
    ['Outvans', 'vans-eu'],
  ]);
});

test('functions in deletion policies, Fn::Length, Fn::ToJsonString and a default of Fn::FindInMap', async () => {
  const name = (value: unknown, more: object = {}): object => ({
    Type: 'AWS::IoT::Thing',
    Properties: { ThingName: value },
    ...more,
  });
  await rig.create(
    {
      A: name(
        { 'Fn::Sub': ['n${N}', { N: { 'Fn::Length': { Ref: 'Names' } } }] },
        { DeletionPolicy: { Ref: 'Policy' } },
      ),
      B: name({ 'Fn::ToJsonString': { a: [{ Ref: 'Policy' }] } }),
      C: name({ 'Fn::FindInMap': ['M', { Ref: 'AWS::Region' }, 'x', { DefaultValue: 'd' }] }),
      D: name({ 'Fn::FindInMap': ['M', 'a', 'x', { DefaultValue: 'd' }] }),
    },
    {
      Transform: [Transform],
      Parameters: {
        Names: { Type: 'CommaDelimitedList', Default: 'a,b,c' },
        Policy: { Type: 'String', Default: 'Retain' },
      },
      Mappings: { M: { a: { x: 'found' } } },
    },
  );
  expect([...rig.things].sort()).toEqual(['d', 'found', 'n3', '{"a":["Retain"]}']);
  await rig.delete();
  expect([...rig.things]).toEqual(['n3']);
});

test.each([
  ['a loop without the transform', { 'Fn::ForEach::A': ['X', ['a'], {}] }, {}],
  ['a loop with two arguments', { 'Fn::ForEach::A': ['X', ['a']] }, { Transform }],
  ['a policy that does not exist', { A: thing('a', { DeletionPolicy: 'Maybe' }) }, {}],
])('%s is refused', async (_, resources, more) => {
  await expect(rig.create(resources, more)).rejects.toMatchObject({ code: 'ValidationError' });
});

test('Fn::Cidr with two arguments divides the block', async () => {
  const Outputs = { O: { Value: { 'Fn::Join': [' ', { 'Fn::Cidr': ['10.0.0.0/16', 3] }] } } };
  await rig.create({ A: thing('a') }, { Outputs });
  expect(rig.cloudFormation.stack('S').outputs.O!.value).toBe('10.0.0.0/18 10.0.64.0/18 10.0.128.0/18');
});
