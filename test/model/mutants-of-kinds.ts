import type { Executions } from '../../lambda/aws/executions';
import type { Job, Jobs } from '../../lambda/aws/jobs';
import type { StackResource } from '../../lambda/aws/stacks';
import type { FaultRule } from '../../local/faults/faults';
import type { WaiterInput } from '../../lambda/request/step';
import { misanswering, mishandling, misreading } from './mutate';
import type { MakeMutant, Mutant } from './run';
import { deletions, deploy, destroy, job, type Scenario, sweep } from './scenarios';
import type { ExploreOptions } from './worlds';

/** A bug of one of the kinds in the list of cases, and what catches it at once: a short program, or the small worlds. */
export interface KindMutant {
  readonly kind: string;
  readonly is: string;
  readonly make: MakeMutant;
  readonly by: Scenario | { readonly worlds: ExploreOptions['only'] };
}

const program = (...steps: Scenario['program']): Scenario => ({ program: steps });
const denied = (jobId: string): FaultRule => ({ jobId, fault: 'denied' });

/** Nothing that is asked after a first refusal is answered. */
function endsAtRefusal(): Mutant {
  return mishandling((jobs) => {
    let refusal: Error | undefined;
    const guarded = async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
      if (refusal) throw refusal;
      return ask().catch((error: Error) => {
        refusal = error.name === 'AccessDeniedException' ? error : undefined;
        throw error;
      });
    };
    return {
      describe: (jobId) => guarded(() => jobs.describe(jobId)),
      delete: (...parameters: Parameters<Jobs['delete']>) => guarded(() => jobs.delete(...parameters)),
    };
  });
}

/** Changes what DescribeJob says of a job that is there. */
function misdescribing(change: (details: NonNullable<Job['details']>) => Job['details']): Mutant {
  return mishandling((jobs) => ({
    describe: async (jobId) => {
      const described = await jobs.describe(jobId);
      return described && { ...described, details: change(described.details!) };
    },
  }));
}

/** Changes what the list of the stack's resources says. */
function mislisting(change: (resource: StackResource) => StackResource): Mutant {
  return misreading((stacks) => ({
    resources: async (...parameters: Parameters<typeof stacks.resources>) => {
      const page = await stacks.resources(...parameters);
      return { ...page, items: page.items.map(change) };
    },
  }));
}

/** Changes how an execution is started. @param again whether the same event has been there before */
function misstarting(
  change: (start: Executions['start'], again: (input: WaiterInput) => Promise<void>) => Executions['start'],
): Mutant {
  return {
    services: (services) => ({
      ...services,
      executions: () => {
        const executions = services.executions();
        const again = async ({ Event: event }: WaiterInput): Promise<void> => {
          const { LogicalResourceId, PhysicalResourceId, RequestId, StackId } = event as typeof event & {
            PhysicalResourceId?: string;
          };
          await services.put(
            event.ResponseURL,
            JSON.stringify({ Status: 'SUCCESS', LogicalResourceId, PhysicalResourceId, RequestId, StackId }),
          );
        };
        const start = change((...parameters) => executions.start(...parameters), again);
        return Object.assign(Object.create(executions) as Executions, { start });
      },
    }),
  };
}

const reasons = (change: (reason: string) => string): Mutant =>
  misanswering((answer) => (answer.Reason === undefined ? answer : { ...answer, Reason: change(answer.Reason) }));

/** Changes the properties of which a Delete event tells. */
const deletes = (change: (sent: Record<string, unknown>) => Record<string, unknown>): Mutant => ({
  event: (event) =>
    event.RequestType === 'Delete'
      ? { ...event, ResourceProperties: { ...change(event.ResourceProperties), ServiceToken: '' } }
      : event,
});

const without = (sent: Record<string, unknown>, name: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(sent).filter(([each]) => each !== name));

/** Of the lists of what is SCHEDULED, which come in pairs, one is empty. */
function blindToScheduled(turn: 0 | 1): Mutant {
  let lists = 0;
  return mishandling((jobs) => ({
    page: (request) =>
      request.status === 'SCHEDULED' && lists++ % 2 === turn ? Promise.resolve({ jobs: [] }) : jobs.page(request),
  }));
}

/** Bugs of every kind in the list of cases that the handler can have. */
export const mutantsOfKinds: readonly KindMutant[] = [
  {
    kind: 'R1',
    is: 'takes a list of names for a claim on everything',
    make: () =>
      mislisting((one) => ({ ...one, physicalId: one.physicalId.replace(/\?jobs=.*/, '?targetSelection=SNAPSHOT') })),
    by: program(
      job('job-a'),
      job('job-b'),
      deploy({ ...deletions(['job-a']), ...sweep({ jobIds: ['job-b'] }) }),
      deploy(sweep({ jobIds: ['job-b'] })),
    ),
  },
  {
    kind: 'R2',
    is: 'deletes only the first of a list that has changed',
    make: () =>
      deletes(({ JobIds, ...rest }) => (Array.isArray(JobIds) ? { ...rest, JobIds: JobIds.slice(0, 1) } : rest)),
    by: program(
      job('job-a'),
      job('job-b'),
      deploy(sweep({ jobIds: ['job-a', 'job-b'] })),
      deploy(sweep({ jobIds: ['job-a'] })),
    ),
  },
  {
    kind: 'R3',
    is: "reads what is SCHEDULED after the group's list alone",
    make: () => blindToScheduled(0),
    by: { worlds: { name: 'a SCHEDULED job is swept with the stack by grouped', what: 'window starts' } },
  },
  {
    kind: 'R3b',
    is: "reads what is SCHEDULED before the group's list alone",
    make: () => blindToScheduled(1),
    by: { worlds: { name: 'a IN_PROGRESS job is swept with the stack by grouped', what: 'window ends' } },
  },
  {
    kind: 'R4',
    is: 'reads the lists of several statuses in the order in which they were given',
    make: (): Mutant => {
      let lists = 0;
      return mishandling((jobs) => ({
        page: (request) => {
          switch (request.status) {
            case 'COMPLETED':
              return jobs.page({ ...request, status: 'SCHEDULED' });
            case 'SCHEDULED':
              return lists++ % 2 === 0 ? jobs.page({ ...request, status: 'COMPLETED' }) : Promise.resolve({ jobs: [] });
            default:
              return jobs.page(request);
          }
        },
      }));
    },
    by: { worlds: { name: 'a IN_PROGRESS job is swept with the stack by statuses', what: 'job ends' } },
  },
  {
    kind: 'R5b',
    is: 'takes a stack whose events are forgotten for one that was never deployed',
    make: () =>
      misreading((stacks) => ({
        ownEvents: async (...parameters: Parameters<typeof stacks.ownEvents>) => {
          const page = await stacks.ownEvents(...parameters);
          return page.nextToken === undefined ? { items: [...page.items, { status: 'CREATE_IN_PROGRESS' }] } : page;
        },
      })),
    by: program(job('job-a'), deploy(deletions(['job-a'])), { do: 'forget events' }, destroy()),
  },
  {
    kind: 'R6',
    is: 'obeys a Delete in a stack that is at rest',
    make: () => misreading(() => ({ describe: () => Promise.resolve({ status: 'DELETE_IN_PROGRESS' }) })),
    by: program(job('job-a'), deploy(deletions(['job-a'])), { do: 'stale delete', jobId: 'job-a' }),
  },
  {
    kind: 'R7',
    is: 'stops at the first page',
    make: () =>
      mishandling((jobs) => ({ page: async (request) => ({ ...(await jobs.page(request)), nextToken: undefined }) })),
    by: {
      ...program(job('other'), job('job-a'), job('job-b'), deploy(sweep({ prefix: 'job-' })), destroy()),
      world: { pageSize: 1 },
    },
  },
  {
    kind: 'R8',
    is: 'gets no answer about strangers',
    make: () =>
      mishandling((jobs) => ({
        tags: (jobArn) => (jobArn.endsWith('/other') ? Promise.reject(new Error('no answer')) : jobs.tags(jobArn)),
      })),
    by: program(job('other', { tagged: false }), job('job-a'), deploy(sweep({ app: 'ota' })), destroy()),
  },
  {
    kind: 'R9',
    is: 'begins a list again with each page',
    make: () => mishandling((jobs) => ({ page: (request) => jobs.page({ ...request, nextToken: undefined }) })),
    by: {
      // Slow lists: who reads for ever does so a hundred times, and not thousands.
      ...program(
        job('other'),
        job('job-a'),
        deploy(sweep({ prefix: 'job-' })),
        destroy({ operation: 'ListJobs', fault: 'slow answer', delay: 2_000 }),
      ),
      world: { pageSize: 1 },
    },
  },
  {
    kind: 'R10',
    is: 'lists all jobs to find one',
    make: () =>
      mishandling((jobs) => ({
        describe: async (jobId) => {
          await jobs.page({});
          return jobs.describe(jobId);
        },
      })),
    by: program(job('job-a'), deploy(deletions(['job-a'])), destroy()),
  },
  {
    kind: 'R11',
    is: 'gives no command when CloudFormation forgets a job',
    make: () => reasons((reason) => reason.replaceAll(/aws iot delete-job[^.]*/g, '')),
    by: program(job('job-a', { status: 'IN_PROGRESS' }), deploy(deletions(['job-a'], { force: false })), deploy({})),
  },
  {
    kind: 'R12',
    is: 'changes the service token of a resource in place',
    make: () => ({
      template: (stack, { deletions: all }) => {
        const text = JSON.stringify(stack.template);
        const renamed =
          Object.keys(all).length > 1 ? text.replaceAll('JobDeletionProviderHandler', 'RenamedHandler') : text;
        return { ...stack, template: JSON.parse(renamed) as Record<string, unknown> };
      },
    }),
    by: program(job('job-a'), deploy(deletions(['job-a'])), deploy(deletions(['job-a', 'job-b']))),
  },
  {
    kind: 'R13',
    is: 'ends at the first refusal',
    make: endsAtRefusal,
    by: program(job('job-a'), job('job-b'), job('job-c'), deploy(sweep({ prefix: 'job-' })), destroy(denied('job-b'))),
  },
  {
    kind: 'R14',
    is: 'names no job that it was denied',
    make: () => reasons((reason) => reason.replaceAll(/"job-\w"/g, '"some"')),
    by: program(job('job-a'), job('job-b'), deploy(sweep({ jobIds: ['job-a', 'job-b'] })), destroy(denied('job-b'))),
  },
  {
    kind: 'R15',
    is: 'takes a throttled list of resources for empty',
    make: () =>
      misreading((stacks) => ({
        resources: (...parameters: Parameters<typeof stacks.resources>) =>
          stacks.resources(...parameters).catch(() => ({ items: [] })),
      })),
    by: program(
      job('job-a'),
      deploy({ ...deletions(['job-a']), ...sweep({ prefix: 'job-' }) }),
      deploy(deletions(['job-a']), { operation: 'ListStackResources', fault: 'throttled', seconds: 8 }),
    ),
  },
  {
    kind: 'R16',
    is: 'forgets maxJobs',
    make: () => deletes((sent) => without(sent, 'MaxJobs')),
    by: program(job('job-a'), job('job-b'), job('job-c'), deploy(sweep({ prefix: 'job-' }, { maxJobs: 2 })), destroy()),
  },
  {
    kind: 'R17',
    is: 'leaves the region out of its commands',
    make: () => reasons((reason) => reason.replaceAll(/ --region [\w-]+/g, '')),
    by: program(job('job-a', { status: 'IN_PROGRESS' }), deploy(deletions(['job-a'], { force: false })), destroy()),
  },
  {
    kind: 'R18',
    is: 'answers when CloudFormation waits no more',
    make: () => ({
      services: (services) => ({
        ...services,
        put: async (url, body) => {
          await services.clock.sleep(4_000_000);
          return services.put(url, body);
        },
      }),
    }),
    by: program(job('job-a'), deploy(deletions(['job-a']))),
  },
  {
    kind: 'R19',
    is: 'serves one event at a time',
    make: (): Mutant => {
      let isBusy = false;
      return misstarting((start) => async (...parameters) => {
        if (isBusy) return 'exists';
        isBusy = true;
        return start(...parameters);
      });
    },
    by: program(job('job-a'), job('job-b'), deploy(deletions(['job-a', 'job-b']))),
  },
  {
    kind: 'R20',
    is: 'asks of jobs outside its patterns',
    make: () => ({ surroundings: (surroundings) => ({ ...surroundings, patterns: ['*'] }) }),
    by: program(job('other'), job('job-a'), deploy({ patterns: ['job-*'], ...sweep({ app: 'ota' }) }), destroy()),
  },
  {
    kind: 'R22',
    is: 'takes its own region for another one',
    make: () => ({
      surroundings: (surroundings) => ({ ...surroundings, home: { ...surroundings.home, region: 'eu-west-1' } }),
    }),
    by: program(job('job-a'), deploy(deletions(['job-a']))),
  },
  {
    kind: 'R23',
    is: 'believes a list that says a gone job is there',
    make: () =>
      mishandling((jobs) => ({
        describe: async (jobId) =>
          (await jobs.describe(jobId)) ??
          (await jobs.page({ status: 'DELETION_IN_PROGRESS' })).jobs
            .filter((one) => one.jobId === jobId)
            .map((one) => ({
              ...one,
              status: 'COMPLETED' as const,
              details: { executionsInProgress: 0, isConcurrent: false, targets: [] },
            }))[0],
      })),
    by: { worlds: { name: 'a COMPLETED job goes with the stack', what: 'slots taken' } },
  },
  {
    kind: 'R24',
    is: "does not know AWS's own namespaces",
    make: () =>
      mishandling((jobs) => ({
        describe: async (jobId) => {
          const described = await jobs.describe(jobId);
          const details = described?.details && { ...described.details, namespaceId: undefined };
          return described && { ...described, details };
        },
        delete: (jobId, force) => jobs.delete(jobId, force, 'aws-gg'),
      })),
    by: program(job('job-a', { namespaceId: 'aws-gg' }), deploy(sweep({ prefix: 'job-' })), destroy()),
  },
  {
    kind: 'R25',
    is: 'takes a job without a namespace for one of another',
    make: () => misdescribing((details) => details && { ...details, namespaceId: details.namespaceId ?? 'other' }),
    by: program(job('job-a'), deploy(deletions(['job-a'], { namespaceId: 'edge' })), destroy()),
  },
  {
    kind: 'R26',
    is: 'deletes before devices know of the cancellation',
    make: () => misdescribing((details) => details && { ...details, isConcurrent: false }),
    by: {
      ...program(
        job('job-a', { status: 'IN_PROGRESS' }),
        deploy(deletions(['job-a'], { cancelFirst: true })),
        destroy(),
      ),
      world: { cancellationTime: () => 7_000 },
    },
  },
  {
    kind: 'R27',
    is: 'deletes declared jobs for a revision',
    make: () => mislisting((one) => ({ ...one, type: one.type === 'AWS::IoT::Job' ? 'AWS::IoT::Thing' : one.type })),
    by: program(
      job('job-a'),
      deploy({ ...sweep({ prefix: 'job-' }), declared: 'job-declared' }),
      deploy({ ...sweep({ prefix: 'job-' }, { revision: '2' }), declared: 'job-declared' }),
    ),
  },
  {
    kind: 'R28',
    is: 'answers with a physical id of nowhere',
    make: () =>
      misanswering((answer) => ({
        ...answer,
        PhysicalResourceId: answer.PhysicalResourceId.replace(/^jobs:[^?]*/, 'jobs:undefined:undefined'),
      })),
    by: program(
      job('job-a'),
      deploy({ ...deletions(['job-a']), ...sweep({ prefix: 'job-' }) }),
      deploy(sweep({ prefix: 'job-' })),
    ),
  },
  {
    kind: 'R29',
    is: 'has a region that its provider does not declare',
    make: () => ({
      template: (stack) => ({
        ...stack,
        template: JSON.parse(
          JSON.stringify(stack.template).replaceAll('"JobId":', '"Region":"eu-west-1","JobId":'),
        ) as Record<string, unknown>,
      }),
    }),
    by: program(job('job-a'), deploy(deletions(['job-a']))),
  },
  {
    kind: 'R30',
    is: 'takes a pattern for a name',
    make: () => ({
      surroundings: (surroundings) => ({
        ...surroundings,
        patterns: surroundings.patterns.map((pattern) => pattern.replaceAll('*', '')),
      }),
    }),
    by: program(job('job-a'), deploy({ patterns: ['job-*'], ...deletions(['job-a']) })),
  },
  {
    kind: 'R31',
    is: 'lets a filter fall away that it does not know',
    make: () => deletes((sent) => without(sent, 'Tags')),
    by: program(
      job('job-a'),
      job('job-b', { tagged: false }),
      deploy(sweep({ prefix: 'job-', app: 'ota' })),
      destroy(),
    ),
  },
  {
    kind: 'duplicate events',
    is: 'answers a second delivery at once',
    make: (): Mutant => {
      const seen = new Set<string>();
      return misstarting((start, again) => async (arn, name, input) => {
        if (seen.has(name)) await again(JSON.parse(input) as WaiterInput);
        seen.add(name);
        return start(arn, name, input);
      });
    },
    by: { worlds: { name: 'a COMPLETED job goes with the stack', what: 'second delivery' } },
  },
  {
    kind: 'late delivery',
    is: 'takes an event of long ago for a new one',
    make: (): Mutant => {
      const urls = new Map<string, string>();
      return {
        event: (event) => {
          const now = new Date(Date.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
          const ResponseURL = event.ResponseURL.replace(/X-Amz-Date=\w+/, `X-Amz-Date=${now}`);
          urls.set(ResponseURL, urls.get(event.ResponseURL) ?? event.ResponseURL);
          return { ...event, ResponseURL };
        },
        services: (services) => ({ ...services, put: (url, body) => services.put(urls.get(url) ?? url, body) }),
      };
    },
    by: { worlds: { name: 'after an update that was rolled back, the stack goes', what: 'late delivery' } },
  },
  {
    kind: 'late delivery',
    is: 'takes an event of an earlier operation for one of this',
    make: () =>
      misreading((stacks) => ({
        ownEvents: async (...parameters: Parameters<typeof stacks.ownEvents>) => {
          const { items, nextToken } = await stacks.ownEvents(...parameters);
          return { items: items.map(({ status }) => ({ status })), nextToken };
        },
      })),
    by: { worlds: { name: 'after an update that was rolled back, the stack goes', what: 'late delivery' } },
  },
  {
    kind: 'crash after an order',
    is: 'writes an order down before it is sent, and believes that',
    make: (): Mutant => {
      const ordered = new Set<string>();
      return mishandling((jobs) => ({
        delete: (...parameters: Parameters<Jobs['delete']>) => {
          ordered.add(parameters[0]);
          return jobs.delete(...parameters);
        },
        describe: async (jobId) => {
          const described = await jobs.describe(jobId);
          return ordered.has(jobId) && described?.status !== 'DELETION_IN_PROGRESS' ? undefined : described;
        },
      }));
    },
    by: { worlds: { name: 'a COMPLETED job goes with the stack', what: 'crash' } },
  },
];
