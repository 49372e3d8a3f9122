import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { ApiResponse } from '../api';
import type { LocalAws } from '../aws';
import { systemClock } from '../clock';
import { type EncodeError, type Fault, FAULTS, inflict, queryError, restJsonError } from './fault';

/** When which fault befalls a call. The first rule that applies decides. */
export interface FaultRule {
  /** Such as `DeleteJob` or `DescribeStacks`. Default: any operation. */
  readonly operation?: string;
  /** Default: any job, and calls that are about none. */
  readonly jobId?: string;
  /** Only the nth of the calls that fit the rule, counted from 1. Default: all of them. */
  readonly nth?: number;
  /** Of the calls that fit, this share, from 0 to 1, by the seed. Default: 1. */
  readonly chance?: number;
  /** Default: any that makes sense for the operation, by the seed. */
  readonly fault?: Fault;
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
  /** How long a slow answer takes, in milliseconds. Default: 300. */
  readonly slowness?: number;
  /** Waits that long. Default: in the machine's time. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** Faults between the functions and the services that they call: AWS IoT, and CloudFormation. */
export class Faults {
  /** Every fault so far, in order. */
  readonly injected: InjectedFault[] = [];
  /** While false, nothing goes wrong any more. */
  enabled = true;
  private readonly counts = new Map<FaultRule, number>();
  private readonly generator;

  constructor(private readonly options: FaultsOptions) {
    this.generator = xoroshiro128plus(options.seed);
  }

  /** Stands in front of the services from now on. */
  attach(aws: Pick<LocalAws, 'iot' | 'cloudFormation'>): void {
    aws.iot.intercept = (operation, jobId, next) => this.stand(operation, jobId, restJsonError, next);
    aws.cloudFormation.intercept = (operation, next) => this.stand(operation, undefined, queryError, next);
  }

  private async stand(
    operation: string,
    jobId: string | undefined,
    encodeError: EncodeError,
    next: () => Promise<ApiResponse>,
  ): Promise<ApiResponse> {
    const fault = this.enabled ? this.choose(operation, jobId) : undefined;
    if (!fault) {
      return next();
    }
    this.injected.push({ operation, jobId, fault });
    const { slowness = 300, sleep = (ms): Promise<void> => systemClock.sleep(ms) } = this.options;
    return inflict(fault, encodeError, next, () => sleep(slowness));
  }

  private choose(operation: string, jobId: string | undefined): Fault | undefined {
    const rule = this.options.rules.find((candidate) => this.applies(candidate, operation, jobId));
    return rule && (rule.fault ?? this.any(operation));
  }

  private applies(rule: FaultRule, operation: string, jobId: string | undefined): boolean {
    if ((rule.operation ?? operation) !== operation || (rule.jobId ?? jobId) !== jobId) {
      return false;
    }
    const count = (this.counts.get(rule) ?? 0) + 1;
    this.counts.set(rule, count);
    return (rule.nth ?? count) === count && (rule.chance === undefined || this.random() < rule.chance);
  }

  private any(operation: string): Fault {
    const possible = FAULTS.filter((fault) => fault !== 'no deletion slot' || operation === 'DeleteJob');
    return possible[Math.floor(this.random() * possible.length)]!;
  }

  private random(): number {
    return uniformFloat64(this.generator);
  }
}
