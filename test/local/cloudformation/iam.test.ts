import { simulatedIam } from '../../../rehearsal/authoriser';
import { Rig, thing } from './rig';

const rig = new Rig();
const lambdaBasic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
const document = (action: string): object => ({ Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] });
const role = (properties: object = {}): object => ({
  Type: 'AWS::IAM::Role',
  Properties: { RoleName: 'role', AssumeRolePolicyDocument: {}, ...properties },
});
const policy = (action: string, more: object = {}): object => ({
  Type: 'AWS::IAM::Policy',
  Properties: { PolicyName: 'attached', PolicyDocument: document(action), Roles: [{ Ref: 'R' }] },
  ...more,
});
const actions = (): unknown[] =>
  [...rig.iam.role('role').policies.values()].flatMap(({ Statement }) => Statement.map(({ Action }) => Action)).flat();

test('policies take effect as they are created, updated, rolled back and removed', async () => {
  const inline = { Policies: [{ PolicyName: 'inline', PolicyDocument: document('iot:A') }] };
  await rig.create({ R: role(inline), P: policy('iot:B') });
  expect(actions()).toEqual(['iot:A', 'iot:B']);

  rig.things.add('taken');
  const seen: unknown[] = [];
  const stop = rig.cloudFormation.onEvent(({ logicalId, status }) => {
    if (logicalId === 'P' && status === 'UPDATE_COMPLETE') {
      seen.push(actions());
    }
  });
  const failed = await rig.update({ R: role(), P: policy('iot:C'), Z: thing('taken', { DependsOn: 'P' }) });
  stop();
  expect(failed.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(seen).toEqual([['iot:C'], ['iot:A', 'iot:B']]);

  await rig.update({ R: role({ ManagedPolicyArns: [lambdaBasic] }) });
  expect(actions()).toEqual(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents']);
  await rig.delete();
  expect(() => rig.iam.role('role')).toThrow('cannot be found');
});

test('who may assume a role is what its template says at that moment', async () => {
  const trusting = (action: string): object => ({ R: role({ AssumeRolePolicyDocument: document(action) }) });
  await rig.create(trusting('sts:AssumeRole'));
  expect(rig.iam.role('role').trustPolicy).toEqual(document('sts:AssumeRole'));
  await rig.update(trusting('sts:TagSession'));
  expect(rig.iam.role('role').trustPolicy).toEqual(document('sts:TagSession'));
  await rig.delete();
});

test('a managed policy and a boundary of the account', async () => {
  const managed = (action: string): object => ({
    M: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document(action) } },
    R: role({ ManagedPolicyArns: [{ Ref: 'M' }], PermissionsBoundary: { Ref: 'M' } }),
  });
  await rig.create(managed('iot:A'));
  expect(rig.iam.role('role').permissionsBoundary).toMatchObject({ document: document('iot:A') });
  await rig.update(managed('iot:B'));
  expect(actions()).toEqual(['iot:B']);
  expect(rig.iam.role('role').permissionsBoundary).toMatchObject({ document: document('iot:B') });
  await rig.delete();
});

test('a managed policy that nobody knows is an error that names it', async () => {
  const arn = 'arn:aws:iam::aws:policy/Unheard';
  const { events } = await rig.create({ R: role({ ManagedPolicyArns: [arn] }) });
  expect(events.find(({ status }) => status === 'CREATE_FAILED')?.reason).toContain(arn);
});

test("a key's own policy decides with the role's, and goes with the key", async () => {
  const rig = new Rig({ authoriser: simulatedIam });
  const decrypting = role({ Policies: [{ PolicyName: 'inline', PolicyDocument: document('kms:Decrypt') }] });
  const key = (properties: object): object => ({ K: { Type: 'AWS::KMS::Key', Properties: properties }, R: decrypting });
  const only = (principal: string): object => ({
    KeyPolicy: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*', Principal: { AWS: principal } }],
    },
  });
  await rig.create(key({}));
  const keyId = rig.cloudFormation.stack('S').resources.find(({ logicalId }) => logicalId === 'K')!.physicalId!;
  const mayDecrypt = (): Promise<boolean> =>
    rig.iam.allows(rig.iam.role('role'), 'kms:Decrypt', `arn:aws:kms:us-east-1:123456789012:key/${keyId}`);
  await expect(mayDecrypt()).resolves.toBe(true);
  await rig.update(key(only('arn:aws:iam::123456789012:role/other')));
  await expect(mayDecrypt()).resolves.toBe(false);
  await rig.update(key(only('arn:aws:iam::123456789012:role/role')));
  await expect(mayDecrypt()).resolves.toBe(true);
  await rig.update({ R: decrypting });
  await expect(mayDecrypt()).resolves.toBe(false);
  await rig.delete();
});
