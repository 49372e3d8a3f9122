import { randomUUID } from 'node:crypto';
import { devNull } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Account } from '../account';
import { ServiceError, type ApiRequest, type ApiResponse, type Service } from '../api';
import type { Clock } from '../clock';
import type { Iam } from '../iam/iam';
import { EnvironmentPool, functionNotFound } from './environment-pool';
import { EventInvocations } from './event-invocations';
import {
  type CreateEnvironment,
  type ExecutionEnvironment,
  type FunctionConfiguration,
  type Outcome,
  sandboxError,
} from './execution-environment';
import { authoriseStart, canLog } from './execution-role';
import { InlineCode } from './inline-code';
import {
  describeFunction,
  encodeError,
  type FunctionReference,
  jsonResponse,
  type LambdaCall,
  parseCall,
  parseFunctionName,
} from './lambda-api';
import { InProcessEnvironment } from './in-process-environment';
import { metered, type MeteredInvocation } from './metering';
import { acceptPayload, type InvocationType, limitResponse } from './payload';
import { ProcessEnvironment } from './process-environment';

/** The packages of this repository, of which Lambda's runtime brings the SDK; the published package has none of them. */
const installed = join(__dirname, '..', '..', 'node_modules');

/** What a function is created from; `memorySize` is 128 as Lambda's is. */
export type FunctionProperties = Omit<FunctionConfiguration, 'functionArn' | 'memorySize'> & {
  readonly memorySize?: number;
};

/** Stands between every attempt to run a function and the function: to watch, to delay, to break. */
export type Intercept = (
  functionName: string,
  payload: string,
  next: () => Promise<Outcome>,
  type: InvocationType,
) => Promise<Outcome>;

/** Stands between an event and Lambda's queue: to submit it later, or more than once. */
export type InterceptEvent = (functionName: string, payload: string, submit: (delay?: number) => void) => void;

/** What the embedded Lambda needs. */
export interface LambdaOptions {
  readonly account: Account;
  readonly clock: Clock;
  readonly iam: Iam;
  /** What functions get as AWS_ENDPOINT_URL. */
  readonly endpointUrl: () => string;
  /** Where requests to the host of CloudFormation's response URLs are sent instead, such as `http://127.0.0.1:1234`. */
  readonly responsesUrl?: () => string;
  /**
   * How many environments one function may have; further invocations wait. Default: 16 processes, which is more than there
   * are deletion slots; as many as come in this very process.
   */
  readonly processesPerFunction?: number;
  /** Receives each line that a function writes. */
  readonly log?: (functionName: string, line: string) => void;
  /** The Node binary that functions run on. Default: the one that runs this. */
  readonly node?: string;
  /** Further CommonJS modules that each process loads before the function. */
  readonly preload?: readonly string[];
  /** Runs functions in this very process, in the clock's time: see {@link InProcessEnvironment}. */
  readonly inThisProcess?: boolean;
  /** Runs functions in something else than a process each. */
  readonly createEnvironment?: CreateEnvironment;
  readonly intercept?: Intercept;
}

/** AWS Lambda: runs functions from their unpacked assets, with their role's credentials. */
export class Lambda implements Service {
  readonly signingName = 'lambda';
  /**
   * How many invocations the account may have at a time; one more is refused. An invocation that waits for one of our
   * processes counts as running, as it would run in AWS.
   */
  accountConcurrency?: number;
  intercept?: Intercept;
  interceptEvent?: InterceptEvent;
  /** Every invocation that has ended, in the order of their ends. */
  readonly invocations: MeteredInvocation[] = [];
  /** The code of functions that have it inline. */
  readonly inlineCode = new InlineCode();
  private readonly pools = new Map<string, EnvironmentPool>();
  private readonly events: EventInvocations;
  private readonly running = new Map<string, number>();

  constructor(private readonly options: LambdaOptions) {
    this.events = new EventInvocations(options.clock);
    this.intercept = options.intercept;
  }

  /** Creates a function; its first process starts with its first invocation. */
  createFunction(properties: FunctionProperties): { readonly arn: string } {
    const { functionName } = properties;
    if (this.pools.has(functionName)) {
      throw new ServiceError('ResourceConflictException', 409, `Function already exist: ${functionName}`);
    }
    const configuration = { memorySize: 128, ...properties, functionArn: this.arnOf(functionName) };
    const limit = this.options.processesPerFunction ?? (this.options.inThisProcess ? Infinity : 16);
    const create = this.options.createEnvironment ?? ((current) => this.startEnvironment(current));
    const createMetered: CreateEnvironment = (current) =>
      metered(create(current), current, this.options.clock, (invocation) => this.invocations.push(invocation));
    this.pools.set(functionName, new EnvironmentPool(configuration, limit, createMetered));
    return { arn: configuration.functionArn };
  }

  /** Whether there is a function of this ARN. */
  has(arn: string): boolean {
    return [...this.pools.values()].some(({ configuration }) => configuration.functionArn === arn);
  }

  /** Whether a function is kept from running at all, by a reserved concurrency of 0. */
  isOff(nameOrArn: string): boolean {
    return this.pool(nameOrArn).configuration.reservedConcurrency === 0;
  }

  /** Changes what is given. Running invocations end as they began; the next ones start cold. */
  updateFunction(changes: Pick<FunctionProperties, 'functionName'> & Partial<FunctionProperties>): void {
    const pool = this.pool(changes.functionName);
    pool.update({ ...pool.configuration, ...changes });
  }

  /** Deletes a function and ends its processes. */
  async deleteFunction(nameOrArn: string): Promise<void> {
    const pool = this.pool(nameOrArn);
    const { functionName } = pool.configuration;
    this.pools.delete(functionName);
    await pool.close();
    this.inlineCode.remove(functionName);
  }

  /** Runs a function on a payload of JSON; for an `Event`, accepts it and returns at once with an empty payload. */
  async invoke(nameOrArn: string, payload: string, type: InvocationType = 'RequestResponse'): Promise<Outcome> {
    return this.accept(nameOrArn, payload, type, randomUUID());
  }

  /** Kills a function's processes in the middle of what they do, as Lambda does when one runs out of memory. */
  crash(nameOrArn: string): void {
    this.pool(nameOrArn).crash();
  }

  /** Kills the processes of every function. */
  crashAll(): void {
    this.pools.forEach((pool) => pool.crash());
  }

  /** The ARN that a name, a partial ARN or an ARN stands for, there or not. */
  arnOf(nameOrArn: string): string {
    return this.arn(parseFunctionName(nameOrArn));
  }

  /** Ends every process and forgets the events that wait to be retried. */
  async close(): Promise<void> {
    this.events.close();
    await Promise.all([...this.pools.values()].map((pool) => pool.close()));
    this.pools.clear();
    this.inlineCode.close();
  }

  async handle(request: ApiRequest): Promise<ApiResponse> {
    try {
      return await this.answer(request);
    } catch (error) {
      if (error instanceof ServiceError) {
        return encodeError(error);
      }
      throw error;
    }
  }

  private async answer(request: ApiRequest): Promise<ApiResponse> {
    const { operation, reference } = parseCall(request);
    const arn = this.arn(reference);
    await this.options.iam.authorise(request.accessKeyId, actionOf(operation), arn);
    switch (operation) {
      case 'Invoke':
        return this.answerInvoke(request, arn);
      case 'GetFunction':
        return jsonResponse(200, { Configuration: describeFunction(this.pool(arn).configuration), Code: {}, Tags: {} });
      case 'GetFunctionConfiguration':
        return jsonResponse(200, describeFunction(this.pool(arn).configuration));
    }
  }

  private async answerInvoke(request: ApiRequest, arn: string): Promise<ApiResponse> {
    const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
    if (type === 'DryRun') {
      this.pool(arn);
      return { status: 204 };
    }
    if (type !== 'RequestResponse' && type !== 'Event') {
      throw new ServiceError('InvalidParameterValueException', 400, `Unknown invocation type: ${type}`);
    }
    const outcome = await this.accept(arn, request.body, type, request.requestId);
    return {
      status: type === 'Event' ? 202 : 200,
      headers: {
        'content-type': 'application/json',
        'x-amz-executed-version': '$LATEST',
        ...(outcome.functionError ? { 'x-amz-function-error': outcome.functionError } : {}),
      },
      body: outcome.payload,
    };
  }

  private async accept(nameOrArn: string, payload: string, type: InvocationType, requestId: string): Promise<Outcome> {
    const { functionName } = this.pool(nameOrArn).configuration;
    const event = acceptPayload(payload, type);
    const run = (): Promise<Outcome> => this.run(functionName, event, requestId);
    const attempt = (): Promise<Outcome> => (this.intercept ? this.intercept(functionName, event, run, type) : run());
    if (type === 'RequestResponse') {
      return attempt();
    }
    const submit = (delay?: number): void => this.events.submit(attempt, delay);
    if (this.interceptEvent) {
      this.interceptEvent(functionName, event, submit);
    } else {
      submit();
    }
    return { payload: '' };
  }

  private async run(functionName: string, event: string, requestId: string): Promise<Outcome> {
    const pool = this.pool(functionName);
    const { runtime } = pool.configuration;
    if (!runtime.startsWith('nodejs')) {
      return sandboxError('Runtime.ImportModuleError', requestId, `The embedded Lambda runs Node.js, not ${runtime}`);
    }
    await authoriseStart(this.options.iam, pool.configuration);
    const own = this.running.get(functionName) ?? 0;
    const { reservedConcurrency = Infinity } = pool.configuration;
    const all = [...this.running.values()].reduce((sum, each) => sum + each, 0);
    if (own >= reservedConcurrency || all >= (this.accountConcurrency ?? Infinity)) {
      throw new ServiceError('TooManyRequestsException', 429, 'Rate Exceeded.');
    }
    this.running.set(functionName, own + 1);
    try {
      return limitResponse(await pool.invoke({ requestId, event }));
    } finally {
      this.running.set(functionName, this.running.get(functionName)! - 1);
    }
  }

  private startEnvironment(configuration: FunctionConfiguration): ExecutionEnvironment {
    const { account, clock, endpointUrl, iam, inThisProcess, log, node, preload, responsesUrl } = this.options;
    const accessKeyId = this.assumeRole(configuration.roleArn);
    const logged = log && canLog(iam, account, configuration);
    const environment = {
      AWS_REGION: account.region,
      AWS_DEFAULT_REGION: account.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: 'signatures-are-not-verified-here',
      AWS_SESSION_TOKEN: 'nor-are-session-tokens',
      AWS_ENDPOINT_URL: endpointUrl(),
      // The person's own AWS configuration has no place in a function.
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      ...(responsesUrl ? { LOCAL_AWS_RESPONSES_URL: responsesUrl() } : {}),
      // Lambda's runtime brings the SDK; the framework's asset relies on that. It lies beside the published bundle.
      NODE_PATH: [join(__dirname, 'sdk'), installed].join(delimiter),
      PATH: process.env.PATH ?? '',
    };
    const common = {
      environment,
      log: log && ((line: string) => void logged?.then((can) => can && log(configuration.functionName, line))),
    };
    if (inThisProcess) {
      const packages = [join(__dirname, 'sdk'), join(__dirname, '..', '..', 'dist', 'local', 'sdk'), installed];
      return new InProcessEnvironment(configuration, { ...common, clock, packages });
    }
    return new ProcessEnvironment(configuration, {
      ...common,
      node: node ?? process.execPath,
      preload: [join(__dirname, 'reroute-responses.cjs'), ...(preload ?? [])],
    });
  }

  private assumeRole(roleArn: string): string {
    try {
      return this.options.iam.roleByArn(roleArn).accessKeyId;
    } catch (cause) {
      const message = `The role defined for the function cannot be assumed by Lambda: ${(cause as Error).message}`;
      throw new ServiceError('AccessDeniedException', 403, message);
    }
  }

  private arn({ region, accountId, functionName, qualifier }: FunctionReference): string {
    const { account } = this.options;
    const arn = `arn:aws:lambda:${region ?? account.region}:${accountId ?? account.accountId}:function:${functionName}`;
    return qualifier === undefined ? arn : `${arn}:${qualifier}`;
  }

  /** The function that is meant. There are no versions and no aliases here. */
  private pool(nameOrArn: string): EnvironmentPool {
    const reference = parseFunctionName(nameOrArn);
    const { functionName, qualifier = '$LATEST' } = reference;
    const pool = this.pools.get(functionName);
    const isHere = this.arn({ ...reference, qualifier: undefined }) === pool?.configuration.functionArn;
    const { region } = this.options.account;
    if (reference.region !== undefined && reference.region !== region) {
      const message = `Functions from '${reference.region}' are not reachable in this region ('${region}')`;
      throw new ServiceError('ResourceNotFoundException', 404, message);
    }
    if (!pool || !isHere || qualifier !== '$LATEST') {
      throw functionNotFound(this.arn(reference));
    }
    return pool;
  }
}

/** The action that IAM knows a call by. */
function actionOf(operation: LambdaCall['operation']): string {
  return operation === 'Invoke' ? 'lambda:InvokeFunction' : `lambda:${operation}`;
}
