import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { LocalAws } from '../aws';
import type { Clock } from '../clock';
import {
  type CallFault,
  EVENT_FAULTS,
  type EventFault,
  type Fault,
  inflict,
  type Protocol,
  TRANSIENT_FAULTS,
} from './fault';
import { awsJson, invocation, query, restJson, s3 } from './protocols';

/** When which fault befalls a call. The first rule that applies decides. */
export interface FaultRule {
  /**
   * An operation of AWS IoT, CloudFormation or Step Functions, such as `DeleteJob`, `DescribeStacks` or
   * `StartExecution`, or one of these:
   * - `Event`: an event comes to Lambda's queue.
   * - `InvokeEvent`: the queue invokes the function.
   * - `Invoke`: somebody who waits for the function invokes it, such as a state machine.
   * - `PutAnswer`: an answer is sent to a response URL.
   *
   * Default: any operation of AWS IoT and of CloudFormation.
   */
  readonly operation?: string;
  /** Default: any job, and calls that are about none. */
  readonly jobId?: string;
  /** Only the nth of the calls that fit the rule, counted from 1. Default: all of them. */
  readonly nth?: number;
  /** Only so many seconds long, from the first call that fits. Default: for ever. */
  readonly seconds?: number;
  /** Of the calls that fit, this share, from 0 to 1, by the seed. Default: 1. */
  readonly chance?: number;
  /** Default: any transient one that makes sense for the operation, by the seed. */
  readonly fault?: Fault;
  /** How long a slow answer takes, and how much later a late or duplicate event comes, in milliseconds. Default: 300. */
  readonly delay?: number;
}

/** A fault that befell a call. */
export interface InjectedFault {
  readonly operation: string;
  readonly jobId?: string;
  readonly fault: Fault;
}

/** How faults are chosen. */
export interface FaultsOptions {
  /** The same seed chooses the same, as long as the same calls come in the same order. */
  readonly seed: number;
  readonly rules: readonly FaultRule[];
}

/** The services that faults stand in front of, and the clock by which a slow answer is slow. */
export type FaultyServices = Pick<LocalAws, 'iot' | 'cloudFormation' | 'lambda' | 'states' | 'responses'> & {
  readonly clock: Clock;
};

/** A call that a rule may be about. */
interface Occasion {
  readonly operation: string;
  readonly jobId?: string;
  /** Only rules that name its operation are about it. */
  readonly namedOnly?: true;
}

/** A fault that was chosen, with the rule that asks for it. */
interface Chosen {
  readonly fault: Fault;
  readonly delay: number;
}

/** Faults between the parts of the world: people, CloudFormation, functions, and the services that they call. */
export class Faults {
  /** Every fault so far, in order. */
  readonly injected: InjectedFault[] = [];
  /** While false, nothing goes wrong any more. */
  enabled = true;
  private readonly counts = new Map<FaultRule, number>();
  private readonly begun = new Map<FaultRule, number>();
  private readonly generator;
  private clock!: Clock;

  constructor(private readonly options: FaultsOptions) {
    this.generator = xoroshiro128plus(options.seed);
    options.rules.forEach(requireThatItFits);
  }

  /** Stands in front of the services from now on, in the place of whatever stood there. */
  attach(aws: FaultyServices): void {
    const { iot, cloudFormation, lambda, states, responses } = aws;
    this.clock = aws.clock;
    iot.intercept = (operation, jobId, next) => this.stand(aws, { operation, jobId }, restJson, next);
    cloudFormation.intercept = (operation, next) => this.stand(aws, { operation }, query, next);
    states.intercept = (operation, next) => this.stand(aws, { operation, namedOnly: true }, awsJson, next);
    responses.intercept = (next) => this.stand(aws, { operation: 'PutAnswer', namedOnly: true }, s3, next);
    lambda.intercept = (_functionName, _payload, next, type) =>
      this.stand(aws, { operation: type === 'Event' ? 'InvokeEvent' : 'Invoke', namedOnly: true }, invocation, next);
    lambda.interceptEvent = (_functionName, _payload, submit) => this.deliver(submit);
  }

  private async stand<Answer>(
    { lambda, states }: FaultyServices,
    occasion: Occasion,
    protocol: Protocol<Answer>,
    next: () => Promise<Answer>,
  ): Promise<Answer> {
    const chosen = this.choose(occasion);
    if (!chosen) {
      return next();
    }
    return inflict(chosen.fault as CallFault, {
      protocol,
      next,
      pause: () => this.clock.sleep(chosen.delay),
      crash: () => lambda.crashAll(),
      stopExecutions: () =>
        states.executions.forEach(({ properties }) => states.stopExecution(properties.executionArn)),
    });
  }

  private deliver(submit: (delay?: number) => void): void {
    const chosen = this.choose({ operation: 'Event', namedOnly: true });
    switch (chosen?.fault as EventFault | undefined) {
      case 'late event':
        return submit(chosen?.delay);
      case 'duplicate event':
        submit(chosen?.delay);
        return submit();
      default:
        return submit();
    }
  }

  private choose(occasion: Occasion): Chosen | undefined {
    const rule = this.enabled ? this.options.rules.find((candidate) => this.applies(candidate, occasion)) : undefined;
    if (!rule) {
      return undefined;
    }
    const { operation, jobId } = occasion;
    const fault = rule.fault ?? this.any(operation);
    this.injected.push({ operation, jobId, fault });
    return { fault, delay: rule.delay ?? 300 };
  }

  private applies(rule: FaultRule, { operation, jobId, namedOnly }: Occasion): boolean {
    const isMeant = rule.operation === undefined ? !namedOnly : rule.operation === operation;
    if (!isMeant || (rule.jobId ?? jobId) !== jobId) {
      return false;
    }
    const now = this.clock.now();
    const begun = this.begun.get(rule) ?? now;
    this.begun.set(rule, begun);
    const count = (this.counts.get(rule) ?? 0) + 1;
    this.counts.set(rule, count);
    return (
      (rule.nth ?? count) === count &&
      (rule.seconds === undefined || now < begun + rule.seconds * 1000) &&
      (rule.chance === undefined || this.random() < rule.chance)
    );
  }

  private any(operation: string): Fault {
    const possible = operation === 'Event' ? EVENT_FAULTS : TRANSIENT_FAULTS.filter((fault) => fits(fault, operation));
    return possible[Math.floor(this.random() * possible.length)]!;
  }

  private random(): number {
    return uniformFloat64(this.generator);
  }
}

function fits(fault: Fault, operation: string): boolean {
  return fault !== 'no deletion slot' || operation === 'DeleteJob';
}

/** A rule that could never do what it says is a test that proves nothing. */
function requireThatItFits({ operation, fault }: FaultRule): void {
  const isOfEvents = (EVENT_FAULTS as readonly (Fault | undefined)[]).includes(fault);
  if (fault !== undefined && isOfEvents !== (operation === 'Event')) {
    throw new Error(`'${fault}' can't befall ${operation ?? 'calls'}: ${EVENT_FAULTS.join(' and ')} are of 'Event'.`);
  }
}
