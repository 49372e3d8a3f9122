import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import type { Decision, Deletion } from '../../lambda/decision';
import type { Services } from '../../lambda/calls';
import type { Clock } from '../../lambda/clock';
import { Durations } from '../../lambda/durations';
import { handle } from '../../lambda/handler';
import type { Job, JobDetails, Jobs } from '../../lambda/jobs';
import { orderPace } from '../../lambda/pace';
import type { StackResource, Stacks } from '../../lambda/stacks';

/** A role of another account that the provider may assume. */
export const ROLE = 'arn:aws:iam::222222222222:role/jobs';

export const STACK = 'arn:aws:cloudformation:us-east-1:123456789012:stack/S/1';

/** An error as the SDK throws it. */
export function awsError(name: string, httpStatusCode: number | undefined, message = `${name}!`): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode, requestId: 'request-1' } });
}

/** The answers of a call, one after the other; the last one stays. A function is called, an error is thrown. */
type Script<T> = (T | Error | (() => T))[];

/**
 * The handler's surroundings, scripted: what each call answers, and a clock that only the handler's own pauses move.
 */
export class World {
  time = Date.parse('2026-11-23T12:00:00Z');
  remaining = 300_000;
  patterns = ['*'];
  readonly pauses: number[] = [];
  readonly calls: string[] = [];

  readonly describe: Script<Job | undefined> = [];
  readonly cancel: Script<string> = ['cancelled'];
  readonly delete: Script<string> = ['deleted'];
  /** Who is in deletion, by job id: our job while its description says so, which moves on with each look. */
  readonly inDeletion: Script<readonly string[]> = [
    (): readonly string[] => {
      const [head] = this.describe;
      if (!head || typeof head === 'function' || head instanceof Error || head.status !== 'DELETION_IN_PROGRESS') {
        return [];
      }
      if (this.describe.length > 1) this.describe.shift();
      return ['job-1'];
    },
  ];
  /** What the stack has besides. */
  readonly liveResources: Script<readonly StackResource[]> = [[]];
  readonly statuses: Script<readonly string[]> = [['DELETE_IN_PROGRESS']];

  private readonly clock: Clock = {
    now: () => this.time,
    sleep: (ms) => {
      this.pauses.push(ms);
      this.time += ms;
      return Promise.resolve();
    },
    random: () => 0.5,
  };

  readonly services: Services = {
    jobsAt: () =>
      ({
        describe: async (jobId: string) => {
          const seen = await this.answer(`describe ${jobId}`, this.describe);
          return seen && { ...seen, jobId };
        },
        cancel: (jobId: string, force: boolean) => this.answer(`cancel ${jobId} force=${force}`, this.cancel),
        delete: (jobId: string, force: boolean, namespaceId?: string) =>
          this.answer(`delete ${jobId} force=${force} namespace=${namespaceId ?? '-'}`, this.delete),
        inDeletion: async () => {
          const ids = await this.answer('inDeletion', this.inDeletion);
          return ids.map((jobId) => ({ ...job('DELETION_IN_PROGRESS'), jobId }));
        },
      }) as unknown as Jobs,
    stacks: () =>
      ({
        statuses: () => this.answer('statuses', this.statuses),
        statusesOnDelete: () => this.answer('statuses', this.statuses),
        liveResources: () => this.answer('liveResources', this.liveResources),
      }) as unknown as Stacks,
    clock: this.clock,
    orders: orderPace(this.clock),
    durations: new Durations(),
    call: (action, order) => ({
      action,
      resource: action.startsWith('iot:') ? `arn:aws:iot:us-east-1:123456789012:job/${order.jobId}` : order.stackId,
      role: 'arn:aws:iam::123456789012:role/handler',
      order,
    }),
  };

  /** Calls that change something. */
  get effects(): string[] {
    return this.calls.filter((call) => /^(cancel|delete) /.test(call));
  }

  send(event: object): Promise<{ PhysicalResourceId?: string; Decision?: Decision; IsComplete?: boolean }> {
    const context = { getRemainingTimeInMillis: () => this.remaining } as Context;
    const { patterns } = this;
    const home = { partition: 'aws', region: 'us-east-1', account: '123456789012' };
    const surroundings = { home, patterns, regions: ['eu-west-1'], assumableRoles: [ROLE] };
    return handle(event as CloudFormationCustomResourceEvent, context, this.services, surroundings);
  }

  /** Sends an event as the framework would: to onEvent, then to isComplete until it is complete. */
  async run(event: object): Promise<Decision> {
    const decided = await this.send(event);
    for (let attempt = 0; attempt < 2000; attempt++) {
      const { IsComplete } = await this.send({ ...event, ...decided });
      if (IsComplete) {
        return decided.Decision!;
      }
      this.time += 5_000;
    }
    throw new Error('never complete');
  }

  private answer<T>(call: string, script: Script<T>): Promise<T> {
    this.calls.push(call);
    const answer = script.length > 1 ? script.shift()! : script[0]!;
    if (answer instanceof Error) {
      return Promise.reject(answer);
    }
    return Promise.resolve(typeof answer === 'function' ? (answer as () => T)() : answer);
  }
}

/** A job in a state, created at the same moment unless another is given. */
export function job(status: string, rest: Partial<Pick<Job, 'createdAt'> & JobDetails> = {}): Job {
  const { createdAt = 1000, ...details } = rest;
  return {
    jobId: 'job-1',
    jobArn: 'arn:aws:iot:us-east-1:123456789012:job/job-1',
    status: status as Job['status'],
    createdAt,
    details: { executionsInProgress: 0, targets: [], ...details },
  };
}

/** An event as CloudFormation sends it: scalars are strings. */
export function event(RequestType: 'Create' | 'Update' | 'Delete', properties: object = {}, rest: object = {}): object {
  const ResourceProperties = { ServiceToken: 'arn:token', JobId: 'job-1', Force: 'true', ...properties };
  return {
    RequestType,
    ResponseURL:
      'https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/secret?X-Amz-Signature=secret',
    StackId: STACK,
    RequestId: 'request',
    LogicalResourceId: 'Teardown',
    ResourceType: 'Custom::IoTJobDeletion',
    ResourceProperties,
    ...(RequestType === 'Create' ? {} : { PhysicalResourceId: 'job-1' }),
    ...(RequestType === 'Update' ? { OldResourceProperties: { ...ResourceProperties, Revision: 'r1' } } : {}),
    ...rest,
  };
}

/** A deletion as onEvent would order it. */
export function deletion(rest: Partial<Deletion> = {}): Deletion {
  return {
    target: { job: 'job-1', createdAt: 1000 },
    place: {},
    force: false,
    cancelFirst: false,
    timeoutSeconds: 3300,
    occasion: 'stack deletion',
    stackId: STACK,
    logicalId: 'Teardown',
    startedAt: Date.parse('2026-11-23T12:00:00Z'),
    found: 1,
    alreadyGone: 0,
    claimed: [],
    ...rest,
  };
}

/** What a promise is rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => {
      throw new Error('expected a failure');
    },
    (error: Error) => error,
  );
}
