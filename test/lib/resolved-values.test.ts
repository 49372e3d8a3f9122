import { App, Aws, Fn, CfnCondition, Lazy, Stack, Token } from 'aws-cdk-lib';
import { physicalId } from '../../lambda/request/identity';
import { JobDeletion, type JobFilter, JobSelection, type JobStatus, JobSweep } from '../../lib';

const NOTHING = Lazy.string({ produce: () => undefined });
const lazily = (text: string): string => Lazy.string({ produce: () => text });

const env = { account: '111111111111', region: 'us-east-1' };

function synthesized(build: (stack: Stack) => void): () => void {
  return () => {
    const app = new App();
    build(new Stack(app, 'S', { env }));
    app.synth();
  };
}
const sweeping = (jobs: () => JobSelection): (() => void) =>
  synthesized((stack) => new JobSweep(stack, 'Sweep', { jobs: jobs() }));
const matching = (filter: JobFilter): (() => void) => sweeping(() => JobSelection.matching(filter));

describe('a filter that falls away would select more jobs', () => {
  test.each<[string, JobFilter]>([
    ['Tags.app', { tags: { app: NOTHING, team: 'fleet' } }],
    ['Tags.app', { tags: { app: NOTHING } }],
    ['Tags.app', { tags: { app: Aws.NO_VALUE, team: 'fleet' } }],
    ['JobIdPrefix', { jobIdPrefix: Aws.NO_VALUE, tags: { team: 'fleet' } }],
    ['ThingGroupName', { jobIdPrefix: 'ota-', thingGroupName: NOTHING }],
    ['NamespaceId', { jobIdPrefix: 'ota-', namespaceId: Aws.NO_VALUE }],
    ['Statuses', { jobIdPrefix: 'ota-', statuses: [NOTHING as JobStatus] }],
  ])('%s: %j', (name, filter) => {
    expect(matching(filter)).toThrow(`[S/Sweep] ${name} is a token that resolves to nothing: it must have a value.`);
  });

  test('a tag that CDK would lose', () => {
    const tags = JSON.parse('{ "__proto__": "x", "app": "fleet" }') as Record<string, string>;
    expect(matching({ tags })).toThrow(
      'JobSelection.matching: tags has "__proto__": CDK loses a property of that name',
    );
  });

  test('but a condition may leave one out: whoever writes that means it', () => {
    expect(
      synthesized((stack) => {
        const isProduction = new CfnCondition(stack, 'IsProduction', { expression: Fn.conditionEquals('a', 'b') });
        const app = Token.asString(Fn.conditionIf(isProduction.logicalId, 'fleet', Aws.NO_VALUE));
        new JobSweep(stack, 'Sweep', { jobs: JobSelection.matching({ jobIdPrefix: 'ota-', tags: { app } }) });
      }),
    ).not.toThrow();
  });
});

describe('what is made lazily is known at synth, too', () => {
  test('more ids than fit', () => {
    const list = (length: number): (() => void) =>
      sweeping(() =>
        JobSelection.ids(Lazy.list({ produce: () => Array.from({ length }, (_, index) => `job-${index}`) })),
      );
    expect(list(101)).toThrow('[S/Sweep] JobIds has 101 ids, and one selection may have 100: split it');
    expect(list(100)).not.toThrow();
  });

  test('ids that AWS IoT does not allow', () => {
    expect(sweeping(() => JobSelection.ids(['a', lazily('b c')]))).toThrow(
      '[S/Sweep] JobIds "b c" is not what AWS IoT allows: 1 to 64 characters',
    );
    expect(synthesized((stack) => new JobDeletion(stack, 'Teardown', { jobId: lazily('a:b') }))).toThrow(
      '[S/Teardown] JobId "a:b" is not what AWS IoT allows',
    );
    expect(synthesized((stack) => new JobDeletion(stack, 'Teardown', { jobId: lazily('a-b') }))).not.toThrow();
  });
});

describe('a selection that does not fit into a physical id', () => {
  const filter = (length: number): JobFilter => {
    const tags = Object.fromEntries(['a', 'b', 'c', 'd'].map((key) => [key, 'ü/'.repeat(12)]));
    const statuses = ['COMPLETED', 'CANCELED'] as JobStatus[];
    return {
      tags: { ...tags, e: 'v'.repeat(length), f: 'w'.repeat(256) },
      statuses,
      thingGroupName: 'g:h',
      jobIdPrefix: 'x',
    };
  };
  const fits = (selected: JobFilter): boolean => {
    try {
      const home = { partition: 'aws', ...env };
      physicalId({ selection: { filter: selected }, place: {} }, home);
      return true;
    } catch {
      return false;
    }
  };

  test('is found at synth, exactly where the handler would refuse it', () => {
    const most = Array.from({ length: 257 }, (_, length) => length).findLast((length) => fits(filter(length)))!;
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(256);
    expect(matching(filter(most))).not.toThrow();
    expect(matching(filter(most + 1))).toThrow(
      '[S/Sweep] the selection has 1025 characters as a physical id, and CloudFormation allows 1024',
    );
  });

  test('what is not known at synth counts for nothing', () => {
    const unknown = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`${index}`, Aws.STACK_NAME]));
    expect(matching({ tags: unknown })).not.toThrow();
  });
});
