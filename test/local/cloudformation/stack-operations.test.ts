import { custom, lines, reasonOf, Rig, thing } from './rig';

let rig: Rig;

beforeEach(async () => {
  rig = new Rig();
  await rig.responses.listen();
});

afterEach(() => rig.responses.close());

/** A custom resource whose physical id is its `id` property. */
const identified = (id: string, more: object = {}): object => custom({ id }, more);
const byId: Rig['behave'] = ({ ResourceProperties, RequestType, PhysicalResourceId }) =>
  RequestType === 'Delete' ? { PhysicalResourceId } : { PhysicalResourceId: String(ResourceProperties.id) };

describe('create', () => {
  test('goes in dependency order, and in parallel where it may', async () => {
    rig.behave = () => ({ Data: { x: 'y' } });
    const again = await rig.create({
      C: custom({ of: { 'Fn::GetAtt': ['A', 'x'] } }, { DependsOn: 'B' }),
      A: custom(),
      B: custom(),
    });
    expect(lines(again).slice(0, 3)).toEqual(['S CREATE_IN_PROGRESS', 'A CREATE_IN_PROGRESS', 'B CREATE_IN_PROGRESS']);
    expect(lines(again).slice(-3)).toEqual(['C CREATE_IN_PROGRESS', 'C CREATE_COMPLETE', 'S CREATE_COMPLETE']);
    expect(rig.requests.at(-1)?.ResourceProperties.of).toBe('y');
  });

  test('turns every scalar into a string and sends the protocol’s event', async () => {
    await rig.create({ A: custom({ yes: true, five: 5, deep: [{ no: false }], gone: { Ref: 'AWS::NoValue' } }) });
    expect(rig.requests).toEqual([
      {
        RequestType: 'Create',
        ServiceToken: 'arn:f',
        ResponseURL: expect.stringMatching(
          /^https:\/\/cloudformation-custom-resource-response-useast1\.s3\.us-east-1\.amazonaws\.com\/.+\?.+/,
        ) as string,
        StackId: expect.stringMatching(/^arn:aws:cloudformation:us-east-1:123456789012:stack\/S\/.{36}$/) as string,
        RequestId: expect.any(String) as string,
        LogicalResourceId: 'A',
        ResourceType: 'Custom::Test',
        ResourceProperties: { ServiceToken: 'arn:f', yes: 'true', five: '5', deep: [{ no: 'false' }] },
      },
    ]);
  });

  test('on a failure gives up on what is in progress, and deletes it by an invented id', async () => {
    rig.things.add('taken');
    rig.behave = ({ RequestType }) => (RequestType === 'Delete' ? {} : undefined);
    const operation = await rig.create({ A: custom(), Z: thing('free'), B: thing('taken', { DependsOn: 'Z' }) });
    expect(reasonOf(operation, 'B', 'CREATE_FAILED')).toMatch(/already exists/);
    expect(reasonOf(operation, 'A', 'CREATE_FAILED')).toBe('Resource creation cancelled');
    expect(operation.status).toBe('ROLLBACK_COMPLETE');
    expect(operation.reason).toBe('The following resource(s) failed to create: [B, A]. Rollback requested by user.');
    expect(rig.sent()).toEqual(['Create A', expect.stringMatching(/^Delete A S-A-[A-Z2-7]{12}$/)]);
    expect(lines(operation)).not.toContain('B DELETE_IN_PROGRESS');
    expect([...rig.things]).toEqual(['taken']);
  });

  test('FAILED is the reason, and the resource is deleted by the id it answered with', async () => {
    rig.behave = ({ RequestType }) =>
      RequestType === 'Create' ? { Status: 'FAILED', Reason: 'no', PhysicalResourceId: 'p' } : {};
    const operation = await rig.create({ A: custom() });
    expect(reasonOf(operation, 'A', 'CREATE_FAILED')).toMatch(
      /^Received response status \[FAILED\] from custom resource. Message returned: no \(RequestId: .{36}\)$/,
    );
    expect(rig.sent()).toEqual(['Create A', 'Delete A p']);
  });

  test('DO_NOTHING leaves it CREATE_FAILED; Retain survives the rollback, RetainExceptOnCreate does not', async () => {
    rig.things.add('taken');
    const resources = {
      A: thing('a', { DeletionPolicy: 'Retain' }),
      B: thing('b', { DeletionPolicy: 'RetainExceptOnCreate' }),
      C: thing('taken', { DependsOn: ['A', 'B'] }),
    };
    expect(await rig.create(resources, {}, 'DO_NOTHING')).toMatchObject({ status: 'CREATE_FAILED' });
    await rig.delete();
    expect([...rig.things]).toEqual(['taken', 'a', 'b']);
    rig.things.delete('a');
    rig.things.delete('b');
    await rig.create(resources);
    expect([...rig.things]).toEqual(['taken', 'a']);
  });

  test('a rollback that fails is ROLLBACK_FAILED', async () => {
    rig.things.add('taken');
    rig.behave = ({ RequestType }) => (RequestType === 'Delete' ? { Status: 'FAILED' } : {});
    const operation = await rig.create({ A: custom(), B: thing('taken', { DependsOn: 'A' }) });
    expect(operation).toMatchObject({
      status: 'ROLLBACK_FAILED',
      reason: 'The following resource(s) failed to delete: [A]. ',
    });
  });
});

describe('update', () => {
  test('touches only what changed; no change at all is refused', async () => {
    await rig.create({ A: custom({ v: 1 }), B: custom() });
    rig.sent();
    await expect(rig.update({ A: custom({ v: 1 }), B: custom() })).rejects.toThrow('No updates are to be performed.');
    const operation = await rig.update({ A: custom({ v: 2 }), B: custom() });
    expect(rig.requests[0]).toMatchObject({ ResourceProperties: { v: '2' }, OldResourceProperties: { v: '1' } });
    expect(rig.sent()).toEqual(['Update A A-id']);
    expect(lines(operation)).toEqual([
      'S UPDATE_IN_PROGRESS',
      'A UPDATE_IN_PROGRESS',
      'A UPDATE_COMPLETE',
      'S UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'S UPDATE_COMPLETE',
    ]);
  });

  test('another physical id is a replacement: the old one goes in clean-up, with its old properties', async () => {
    rig.behave = byId;
    await rig.create({ A: identified('one') });
    rig.sent();
    const operation = await rig.update({ A: identified('two') });
    expect(rig.requests[1]?.ResourceProperties.id).toBe('one');
    expect(rig.sent()).toEqual(['Update A one', 'Delete A one']);
    expect(lines(operation).slice(-4)).toEqual([
      'S UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'A DELETE_IN_PROGRESS',
      'A DELETE_COMPLETE',
      'S UPDATE_COMPLETE',
    ]);
    expect(rig.cloudFormation.stack('S').resources[0]?.physicalId).toBe('two');
  });

  test('a native replacement is created first, and its dependants follow', async () => {
    const resources = (name: string): object => ({ T: thing(name), A: custom({ name: { Ref: 'T' } }) });
    await rig.create(resources('one'));
    rig.sent();
    await rig.update(resources('two'));
    expect([...rig.things]).toEqual(['two']);
    expect(rig.sent()).toEqual(['Update A A-id']);
  });

  test('clean-up goes against the old template’s order, through what stays', async () => {
    await rig.create({
      P: thing('policy'),
      F: custom({}, { DependsOn: 'P' }),
      X: custom({}, { DependsOn: 'F' }),
    });
    const operation = await rig.update({ F: custom() });
    expect(lines(operation).filter((line) => line.includes('DELETE'))).toEqual([
      'X DELETE_IN_PROGRESS',
      'X DELETE_COMPLETE',
      'P DELETE_IN_PROGRESS',
      'P DELETE_COMPLETE',
    ]);
  });

  test('a Delete in clean-up is tried three times, then forgotten, and the update is complete', async () => {
    await rig.create({ A: custom(), B: custom() });
    rig.sent();
    rig.behave = () => ({ Status: 'FAILED' });
    const operation = await rig.update({ B: custom() });
    expect(rig.sent()).toEqual(['Delete A A-id', 'Delete A A-id', 'Delete A A-id']);
    expect(operation.status).toBe('UPDATE_COMPLETE');
    expect(rig.cloudFormation.stack('S').resources.map(({ logicalId }) => logicalId)).toEqual(['B']);
  });

  test('Retain skips the removed one, UpdateReplacePolicy the replaced one', async () => {
    rig.behave = byId;
    await rig.create({
      A: identified('a', { DeletionPolicy: 'Retain' }),
      B: identified('b', { UpdateReplacePolicy: 'Retain' }),
    });
    rig.sent();
    const operation = await rig.update({ B: identified('c', { UpdateReplacePolicy: 'Retain' }) });
    expect(rig.sent()).toEqual(['Update B b']);
    expect(
      lines(operation)
        .filter((line) => line.endsWith('DELETE_SKIPPED'))
        .sort(),
    ).toEqual(['A DELETE_SKIPPED', 'B DELETE_SKIPPED']);
  });

  test('changing the service token or a type is refused', async () => {
    await rig.create({ A: custom({ v: 1 }) });
    rig.sent();
    await expect(rig.update({ A: thing('a') })).rejects.toThrow(/types?.*\[A\]/);
    const operation = await rig.update({ A: custom({ v: 2, ServiceToken: 'arn:g' }) });
    expect(reasonOf(operation, 'A', 'UPDATE_FAILED')).toBe('Modifying service token is not allowed.');
    expect(operation.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(rig.sent()).toEqual([]);
  });
});

describe('a failed update', () => {
  beforeEach(() => void rig.things.add('taken'));

  test('takes back what was updated, keeps what was removed, deletes what was created', async () => {
    await rig.create({ A: custom({ v: 1 }), R: custom() });
    rig.sent();
    const operation = await rig.update({
      A: custom({ v: 2 }),
      N: custom(),
      Z: thing('taken', { DependsOn: ['A', 'N'] }),
    });
    expect(rig.requests[2]).toMatchObject({ ResourceProperties: { v: '1' }, OldResourceProperties: { v: '2' } });
    expect(rig.sent()).toEqual(['Update A A-id', 'Create N', 'Update A A-id', 'Delete N N-id']);
    expect(lines(operation).filter((line) => line.startsWith('S '))).toEqual([
      'S UPDATE_IN_PROGRESS',
      'S UPDATE_ROLLBACK_IN_PROGRESS',
      'S UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'S UPDATE_ROLLBACK_COMPLETE',
    ]);
    expect(
      rig.cloudFormation
        .stack('S')
        .resources.map(({ logicalId }) => logicalId)
        .sort(),
    ).toEqual(['A', 'R']);
  });

  test('takes back an update that failed and one that was interrupted', async () => {
    await rig.create({ A: custom({ v: 1 }), B: custom({ v: 1 }) });
    rig.sent();
    rig.behave = ({ LogicalResourceId, ResourceProperties }) => {
      if (ResourceProperties.v === '1') {
        return {};
      }
      return LogicalResourceId === 'B' ? { Status: 'FAILED' } : undefined;
    };
    const operation = await rig.update({ A: custom({ v: 2 }), B: custom({ v: 2 }) });
    expect(reasonOf(operation, 'A', 'UPDATE_FAILED')).toBe('Resource update cancelled');
    expect(rig.sent().sort()).toEqual(['Update A A-id', 'Update A A-id', 'Update B B-id', 'Update B B-id']);
    expect(operation.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  test('goes back from a replacement by an Update of the new one, which is deleted in clean-up', async () => {
    rig.behave = byId;
    await rig.create({ A: identified('one') });
    rig.sent();
    await rig.update({ A: identified('two'), Z: thing('taken', { DependsOn: 'A' }) });
    expect(rig.sent()).toEqual(['Update A one', 'Update A two', 'Delete A two']);
    expect(rig.cloudFormation.stack('S').resources[0]?.physicalId).toBe('one');
  });

  test('keeps the old one of a native replacement and drops the new one', async () => {
    await rig.create({ A: thing('one') });
    const operation = await rig.update({ A: thing('two'), Z: thing('taken', { DependsOn: 'A' }) });
    expect(operation.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect([...rig.things]).toEqual(['taken', 'one']);
  });

  test('whose rollback fails is UPDATE_ROLLBACK_FAILED; the stack can be deleted with all that is left', async () => {
    rig.behave = ({ OldResourceProperties }) => (OldResourceProperties?.v === '2' ? { Status: 'FAILED' } : {});
    await rig.create({ A: custom({ v: 1 }) });
    rig.sent();
    const operation = await rig.update({
      A: custom({ v: 2 }),
      N: custom({}, { DependsOn: 'A' }),
      Z: thing('taken', { DependsOn: 'N' }),
    });
    expect(operation.status).toBe('UPDATE_ROLLBACK_FAILED');
    expect((await rig.delete()).status).toBe('DELETE_COMPLETE');
    expect(rig.sent().slice(-2)).toEqual(['Delete N N-id', 'Delete A A-id']);
  });
});

describe('delete', () => {
  test('keeps what a failed one depends on, goes on with the rest, and may be asked again', async () => {
    await rig.create({ A: custom(), B: custom({}, { DependsOn: 'A' }), C: custom() });
    rig.sent();
    rig.behave = ({ LogicalResourceId }) => (LogicalResourceId === 'B' ? { Status: 'FAILED' } : {});
    const operation = await rig.delete();
    expect(operation).toMatchObject({
      status: 'DELETE_FAILED',
      reason: 'The following resource(s) failed to delete: [B]. ',
    });
    expect(rig.sent().sort()).toEqual(['Delete B B-id', 'Delete C C-id']);
    rig.behave = () => ({});
    const again = await rig.delete();
    expect(again.status).toBe('DELETE_COMPLETE');
    expect(rig.sent()).toEqual(['Delete B B-id', 'Delete A A-id']);
    expect(rig.cloudFormation.stack(again.stackId).status).toBe('DELETE_COMPLETE');
    expect(() => rig.cloudFormation.stack('S')).toThrow('Stack [S] does not exist');
  });

  test('leaves alone what it is told to retain', async () => {
    await rig.create({ A: custom() });
    rig.behave = () => ({ Status: 'FAILED' });
    await rig.delete();
    const operation = await rig.cloudFormation.deleteStack({ stackName: 'S', retainResources: ['A'] });
    expect(operation.status).toBe('DELETE_COMPLETE');
    expect(lines(operation)).toContain('A DELETE_SKIPPED');
  });
});
