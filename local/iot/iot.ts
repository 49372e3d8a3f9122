import type { Account } from '../account';
import { ServiceError, type ApiRequest, type ApiResponse, type Service } from '../api';
import type { Clock } from '../clock';
import type { Iam } from '../iam/iam';
import { checkInput, readInput, type Validated } from '../service-model/input';
import { matchRoute, type Route } from '../service-model/route';
import { CallRate } from './call-rate';
import { ResourceAlreadyExists } from './errors';
import { jobView, type JobView } from './job';
import { jobOperations, type JobRequests } from './job-operations';
import { defaultRules, type JobRules } from './job-rules';
import { Jobs } from './jobs';
import { Journal, type Call, type JobHistory } from './journal';
import type { NewJob } from './new-job';
import { inputErrors, model, requireName, type Operation, type Operations } from './operation';
import { withOwnTokens } from './own-tokens';
import type { PageRequest } from './page';
import { tagOperations, type TagRequests } from './tag-operations';
import { thingGroupOperations, type ThingGroupRequests } from './thing-group-operations';
import { thingOperations, type ThingRequests } from './thing-operations';
import { Things, type Thing, type ThingGroup } from './things';

/** Stands between the wire and the service: it may answer in the service's place, or change its answer, or be slow. */
export type Intercept = (
  operation: string,
  jobId: string | undefined,
  /** Lets the service do it. Resolves to the answer for the wire, also when that is an error. */
  next: () => Promise<ApiResponse>,
) => Promise<ApiResponse>;

/** What an {@link Iot} is made of. */
export interface IotOptions extends Partial<JobRules> {
  readonly account: Account;
  readonly clock: Clock;
  readonly iam: Iam;
  /**
   * How many calls per second of each operation on jobs are taken; more are throttled. Default 10, as published;
   * Infinity for any number. (The registry's operations have higher rates, which nothing here comes near.)
   */
  readonly callRate?: number;
  /** Told of each call over the wire once it is answered. */
  readonly onCall?: (call: Call) => void;
}

/** Every operation that is served, and what each is asked. */
interface Requests extends JobRequests, ThingRequests, ThingGroupRequests, TagRequests {}

/**
 * AWS IoT's jobs, things and thing groups, over the service's own REST-JSON protocol.
 *
 * Besides the protocol it can be driven as an object; those calls need no authorisation, throw {@link ServiceError},
 * and are not in {@link Iot.calls}.
 */
export class Iot implements Service {
  readonly signingName = 'iot';
  /** Where tests put faults; none by default. */
  intercept?: Intercept;
  private readonly journal: Journal;
  private readonly thingRegistry: Things;
  private readonly jobStore: Jobs;
  private readonly operations: Operations<Requests>;
  private readonly ofJobs: ReadonlySet<string>;
  private readonly callRate: CallRate;

  constructor(private readonly options: IotOptions) {
    const { account, clock } = options;
    this.callRate = new CallRate(clock, options.callRate ?? 10);
    this.journal = new Journal(options.onCall);
    this.thingRegistry = new Things(account, clock);
    this.jobStore = new Jobs(account, clock, this.thingRegistry, this.journal, rulesOf(options));
    const ofJobs = jobOperations(this.jobStore, this.thingRegistry, clock);
    this.ofJobs = new Set(Object.keys(ofJobs));
    this.operations = {
      ...ofJobs,
      ...thingOperations(this.thingRegistry, this.jobStore),
      ...thingGroupOperations(this.thingRegistry, this.jobStore),
      ...tagOperations(this.jobStore, this.thingRegistry),
    };
  }

  async handle(request: ApiRequest): Promise<ApiResponse> {
    const time = this.options.clock.now();
    let operation = `${request.method} ${request.path}`;
    let jobId: string | undefined;
    let outcome = 'InternalFailure';
    try {
      const route = this.route(request);
      ({ operation } = route);
      jobId = route.labels.get('jobId');
      const next = (): Promise<ApiResponse> => this.perform(route, request);
      const response = this.intercept ? await this.intercept(operation, jobId, next) : await next();
      outcome = outcomeOf(response);
      return response;
    } catch (error) {
      if (!(error instanceof ServiceError)) {
        throw error;
      }
      outcome = error.code;
      return errorResponse(error);
    } finally {
      const { accessKeyId, requestId } = request;
      this.journal.recordCall({ time, accessKeyId, operation, jobId, outcome, requestId });
    }
  }

  /** Every call over the wire so far, in the order of their answers. */
  get calls(): readonly Call[] {
    return this.journal.calls;
  }

  /** The life of every job incarnation so far, in the order of creation. */
  get histories(): readonly Readonly<JobHistory>[] {
    this.jobStore.catchUp();
    return this.journal.histories;
  }

  /** Unlike CreateThing, and as CloudFormation's AWS::IoT::Thing, it minds a thing that exists already. */
  createThing(thingName: string): Thing {
    return this.thingRegistry.createThing(requireName('ThingName', thingName));
  }

  /** Its executions that have not ended are REMOVED. */
  deleteThing(thingName: string): void {
    this.thingRegistry.deleteThing(thingName);
    this.jobStore.thingGone(this.thingRegistry.thingArn(thingName));
  }

  thing(thingName: string): Thing | undefined {
    return this.thingRegistry.findThing(thingName);
  }

  createThingGroup(thingGroupName: string): ThingGroup {
    return this.thingRegistry.createThingGroup(requireName('ThingGroupName', thingGroupName));
  }

  deleteThingGroup(thingGroupName: string): void {
    this.thingRegistry.deleteThingGroup(thingGroupName);
  }

  thingGroup(thingGroupName: string): ThingGroup | undefined {
    return this.thingRegistry.findThingGroup(thingGroupName);
  }

  addThingToThingGroup(thingName: string, thingGroupName: string): void {
    this.thingRegistry.addThingToThingGroup(thingName, thingGroupName);
    this.jobStore.thingJoined();
  }

  /** A job in any status, IN_PROGRESS unless asked otherwise, with made-up executions if asked for. */
  createJob(request: NewJob): JobView {
    requireName('JobId', request.jobId);
    if (request.namespaceId !== undefined) {
      requireName('NamespaceId', request.namespaceId);
    }
    const status = request.status ?? (request.startsAt === undefined ? 'IN_PROGRESS' : 'SCHEDULED');
    return jobView(this.jobStore.create({ ...request, status }));
  }

  /** The devices begin with everything that is queued. */
  startExecutions(jobId: string): void {
    this.jobStore.startExecutions(jobId);
  }

  /** The devices finish everything that they have, which completes a SNAPSHOT job. */
  finishExecutions(jobId: string): void {
    this.jobStore.finishExecutions(jobId);
  }

  /** Begins the rollout of a SCHEDULED job, as the start of its maintenance window does. */
  startMaintenanceWindow(jobId: string): void {
    this.jobStore.startMaintenanceWindow(jobId);
  }

  /** Sends an IN_PROGRESS job back to SCHEDULED, until the next window starts: at a time, or when it is started here. */
  endMaintenanceWindow(jobId: string, nextStartsAt?: number): void {
    this.jobStore.endMaintenanceWindow(jobId, nextStartsAt);
  }

  job(jobId: string): JobView | undefined {
    const job = this.jobStore.find(jobId);
    return job && jobView(job);
  }

  jobs(): JobView[] {
    return this.jobStore.all().map(jobView);
  }

  jobsInDeletion(): JobView[] {
    return this.jobStore.inDeletion().map(jobView);
  }

  /**
   * What an AWS service asks of another: an operation by its name, checked by the service model, as its output shape.
   * @internal
   */
  call<Name extends keyof Requests>(operation: Name, request: Requests[Name]): object | undefined {
    const shapeName = model.operations[operation]!.input!;
    const checked = checkInput<Validated<Requests[Name]>>(model, shapeName, request, inputErrors);
    return withOwnTokens(operation, checked, (each) => this.operation(operation).act(each));
  }

  private route({ method, path }: ApiRequest): Route {
    const route = matchRoute(model, method, path);
    if (!route) {
      const known = Object.keys(this.operations).join(', ');
      throw new ServiceError(
        'UnknownOperationException',
        404,
        `The embedded AWS IoT has no operation at ${method} ${path.slice(0, 100)}, only ${known}.`,
      );
    }
    return route;
  }

  private operation<Name extends keyof Requests>(name: Name): Operation<Requests[Name]> {
    return this.operations[name];
  }

  private async perform({ operation: name, labels }: Route, request: ApiRequest): Promise<ApiResponse> {
    try {
      if (this.ofJobs.has(name)) {
        this.callRate.admit(name);
      }
      const operation = this.operation(name as keyof Requests);
      const input = readInput<Requests[keyof Requests]>(model, name, request, inputErrors, labels) as never;
      for (const resource of operation.resources(input)) {
        await this.options.iam.authorise(request.accessKeyId, `iot:${name}`, resource);
      }
      const output = withOwnTokens<PageRequest>(name, input, (each) => operation.act(each));
      return { status: 200, headers: { 'content-type': 'application/json' }, body: output && JSON.stringify(output) };
    } catch (error) {
      if (error instanceof ServiceError) {
        return errorResponse(error);
      }
      throw error;
    }
  }
}

/** The options that say how jobs behave; what is left out or undefined is as the default is. */
function rulesOf(options: Partial<JobRules>): JobRules {
  const { deletionTime, deletionSlots, executionTime, rolloutTime, cancellationTime, listLag } = options;
  return {
    deletionTime: deletionTime ?? defaultRules.deletionTime,
    deletionSlots: deletionSlots ?? defaultRules.deletionSlots,
    executionTime,
    rolloutTime: rolloutTime ?? defaultRules.rolloutTime,
    cancellationTime: cancellationTime ?? defaultRules.cancellationTime,
    listLag: listLag ?? defaultRules.listLag,
  };
}

function errorResponse(error: ServiceError): ApiResponse {
  const details =
    error instanceof ResourceAlreadyExists ? { resourceId: error.resourceId, resourceArn: error.resourceArn } : {};
  return {
    status: error.status,
    headers: { 'content-type': 'application/json', 'x-amzn-ErrorType': error.code },
    body: JSON.stringify({ message: error.message, ...details }),
  };
}

function outcomeOf({ status, headers = {}, disconnect }: ApiResponse): string {
  if (disconnect) {
    return 'disconnected';
  }
  const errorType = Object.entries(headers).find(([name]) => name.toLowerCase() === 'x-amzn-errortype')?.[1];
  return status < 300 ? 'ok' : (errorType ?? `HTTP ${status}`);
}
