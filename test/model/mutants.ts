import type { Executions } from '../../lambda/aws/executions';
import type { Jobs } from '../../lambda/aws/jobs';
import type { SynthesizedStack } from '../../local/assembly';
import type { StackSpec } from './program';
import { mishandling, misreading } from './mutate';
import type { Mutant } from './run';

type Statement = { Action: string | string[]; Resource: unknown };
type Resources = Record<
  string,
  { Type: string; Properties: { PolicyDocument: { Statement: Statement[] } }; DependsOn?: string[] }
>;

/** Bugs that others have had, to be put in on purpose: programs that don't find them prove nothing. */
export const mutants: Readonly<Record<string, Mutant>> = {
  'grants on the exact ARNs of the jobs of today': { template: grantByExactArn },

  'takes a rollback for a deletion': misreading(() => ({
    describe: () => Promise.resolve({ status: 'DELETE_IN_PROGRESS' }),
    ownEvents: () => Promise.resolve({ items: [{ status: 'CREATE_COMPLETE' }] }),
  })),

  'takes a stack that was never deployed for one that was': misreading(() => ({
    ownEvents: () => Promise.resolve({ items: [{ status: 'CREATE_COMPLETE' }] }),
  })),

  'takes a stack for at rest': misreading(() => ({
    describe: () => Promise.resolve({ status: 'UPDATE_COMPLETE' }),
  })),

  'deletes a newer job that has the id of an old one': mishandling((jobs) => ({
    describe: async (jobId) => {
      const job = await jobs.describe(jobId);
      return job && { ...job, createdAt: 1 };
    },
  })),

  'always uses force': mishandling((jobs) => ({
    delete: (jobId, _force, namespaceId) => jobs.delete(jobId, true, namespaceId),
  })),

  'cancels before it deletes, asked for or not': mishandling((jobs) => ({
    delete: async (...parameters: Parameters<Jobs['delete']>) => {
      await jobs.cancel(parameters[0], true).catch(() => undefined);
      return jobs.delete(...parameters);
    },
  })),

  'forgets what is SCHEDULED': mishandling((jobs) => ({
    page: async (request) => {
      const page = await jobs.page(request);
      return { ...page, jobs: page.jobs.filter(({ status }) => status !== 'SCHEDULED') };
    },
  })),

  'takes a job whose description is refused for gone': mishandling((jobs) => ({
    describe: (jobId) => jobs.describe(jobId).catch(() => undefined),
  })),

  'takes a list that is refused for empty': mishandling((jobs) => ({
    page: (request) => jobs.page(request).catch(() => ({ jobs: [] })),
  })),

  'sends its answer once': {
    services: (services) => ({ ...services, put: (url, body) => services.put(url, body).catch(() => 200) }),
  },

  'keeps a job and does not say so': {
    services: (services) => ({
      ...services,
      put: (url, body) => {
        const { Reason, ...answer } = JSON.parse(body) as Readonly<Record<string, string>>;
        return services.put(url, JSON.stringify(answer.Status === 'FAILED' ? { ...answer, Reason } : answer));
      },
    }),
  },

  'takes an execution that was refused for started': {
    services: (services) => ({
      ...services,
      executions: () => {
        const executions = services.executions();
        const start: Executions['start'] = (...parameters) =>
          executions.start(...parameters).catch(() => 'started' as const);
        return Object.assign(Object.create(executions) as Executions, { start });
      },
    }),
  },

  'takes LimitExceededException for a failure': mishandling((jobs) => {
    const refused = new Set<string>();
    return {
      delete: async (...parameters: Parameters<Jobs['delete']>) => {
        const [jobId] = parameters;
        const answer = await jobs.delete(...parameters).catch((error: Error) => {
          if (error.name === 'LimitExceededException') refused.add(jobId);
          throw error;
        });
        return answer;
      },
      describe: (jobId) => (refused.has(jobId) ? Promise.reject(refusal(jobId)) : jobs.describe(jobId)),
    };
  }),

  "takes a renamed resource's jobs along": misreading(() => ({ resources: () => Promise.resolve({ items: [] }) })),

  'takes what is in deletion for gone': mishandling((jobs) => ({
    describe: async (jobId) => {
      const job = await jobs.describe(jobId);
      return job?.status === 'DELETION_IN_PROGRESS' ? undefined : job;
    },
    page: async (request) => {
      const page = await jobs.page(request);
      return request.status === undefined
        ? { ...page, jobs: page.jobs.filter(({ status }) => status !== 'DELETION_IN_PROGRESS') }
        : page;
    },
  })),
};

/** Of seed 1's programs, counted from 0, one that catches each bug quickly; 0 where none is named. */
export const firstToCatch: Readonly<Record<string, number>> = {
  'grants on the exact ARNs of the jobs of today': 6,
  'takes a rollback for a deletion': 2,
  'takes a stack that was never deployed for one that was': 27,
  'deletes a newer job that has the id of an old one': 10,
  'always uses force': 6,
  'cancels before it deletes, asked for or not': 11,
  'forgets what is SCHEDULED': 56,
  'takes a job whose description is refused for gone': 16,
  'takes a list that is refused for empty': 204,
  'sends its answer once': 16,
  'keeps a job and does not say so': 18,
  'takes an execution that was refused for started': 1,
  'takes LimitExceededException for a failure': 39,
  "takes a renamed resource's jobs along": 18,
  'takes what is in deletion for gone': 6,
};

/** One policy, whose logical id stays, with an ARN for each job of the stack: what most people write. */
function grantByExactArn(stack: SynthesizedStack, { deletions }: StackSpec): SynthesizedStack {
  const template = JSON.parse(
    JSON.stringify(stack.template).replaceAll(
      /JobDeletionProviderPolicy[0-9a-f]{8}[0-9A-F]{8}/g,
      'JobDeletionProviderPolicy',
    ),
  ) as Record<string, unknown>;
  const policy = (template.Resources as Resources).JobDeletionProviderPolicy!;
  const arns = Object.keys(deletions).map((jobId) => `arn:aws:iot:us-east-1:123456789012:job/${jobId}`);
  const statement = policy.Properties.PolicyDocument.Statement.find(({ Action }) => Action.includes('iot:DeleteJob'))!;
  statement.Resource = arns.length > 0 ? arns : ['arn:aws:iot:us-east-1:123456789012:job/none'];
  return { ...stack, template };
}

/** An error that the handler gives up on. */
function refusal(jobId: string): Error {
  const $metadata = { httpStatusCode: 400 };
  return Object.assign(new Error(`No slot for ${jobId}.`), { name: 'InvalidRequestException', $metadata });
}
