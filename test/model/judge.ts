import type { StackEvent } from '../../local/cloudformation/stack';
import type { StackOperation } from '../../local/cloudformation/stack-request';
import type { JobHistory } from '../../local/iot/journal';
import { must } from './must';
import type { Goer, Plan } from './plan';
import type { Trouble } from './program';
import { complaint, deniedIn, isNamed, LOST, misleading, tooMany, UNANSWERED } from './reasons';
import { isLogicalId, type Life, names, type Resource, selects } from './resources';

/** A job's life, and what came of it. */
export interface Fate extends Life {
  readonly history: Readonly<JobHistory>;
  /** It began when the operation had begun. */
  readonly isNew: boolean;
  /** Somebody else deleted it, or tried to. */
  readonly meddledWith: boolean;
}

/** An event that CloudFormation has sent, and until when a job counts as there at that time. */
export interface Decided {
  readonly event: string;
  readonly logicalId: string;
  readonly at: number;
}

/** An operation on the stack, when it is over. */
export interface Operated {
  readonly operation: StackOperation;
  readonly since: number;
  readonly trouble: Trouble;
  readonly plan: Plan;
  /** What the stack had, and what it was to have. */
  readonly resources: readonly Resource[];
  /** The provider's patterns when jobs were deleted. */
  readonly patterns: readonly string[];
  readonly fates: readonly Fate[];
  readonly decisions: readonly Decided[];
  /** How long it takes until devices know of a cancellation, in milliseconds. */
  readonly cancellationTime: number;
}

const EVERYTHING = ['*'];

/** Judges what became of the jobs in an operation; answers with what there was to see. */
export class Judge {
  readonly seen: string[] = [];

  constructor(private readonly done: Operated) {}

  /** Nothing failed without a good reason. */
  failures(): void {
    const { operation, resources, trouble } = this.done;
    for (const { type, status, logicalId, reason = '' } of operation.events) {
      if (type.startsWith('Custom::') && status.endsWith('_FAILED')) {
        const own = resources.filter((one) => isLogicalId(logicalId, one));
        const wrong = complaint(reason, own, trouble) ?? misleading(reason) ?? this.isMistaken(reason);
        must(wrong === undefined, wrong ?? '');
        const isForgotten = operation.status.startsWith('UPDATE_COMPLETE') && status === 'DELETE_FAILED';
        const isTold = !isForgotten || UNANSWERED.test(reason) || reason.includes('aws iot delete-job');
        must(isTold, `CloudFormation forgets the jobs, and there is no command: ${reason}`);
        if (tooMany(reason) !== undefined) this.seen.push('refused for maxJobs');
      }
    }
  }

  /** A job is in the namespace that is told. */
  private isMistaken(reason: string): string | undefined {
    const [, namespaceId] = /in the namespace "(\w+)", not in/.exec(reason) ?? [];
    const isTrue = namespaceId === undefined || this.done.fates.some((fate) => fate.namespaceId === namespaceId);
    return isTrue ? undefined : `no job is in that namespace: ${reason}`;
  }

  /** What one job is denied keeps no other: whatever is left is named, and has a reason of its own. */
  others(): void {
    const { fates, operation, patterns, plan, trouble } = this.done;
    const denied = trouble.rules?.find(({ fault }) => fault === 'denied')?.jobId;
    if (denied === undefined) return;
    // What another one has as well may be kept for that one.
    const others = (resource: Resource): Resource[] => [
      ...plan.holders,
      ...plan.goers.map((goer) => goer.resource).filter((one) => one !== resource),
    ];
    for (const { resource } of plan.goers) {
      const isFailure = ({ logicalId, status }: StackEvent): boolean =>
        isLogicalId(logicalId, resource) && status === 'DELETE_FAILED';
      const failure = operation.events.find(isFailure);
      if (!failure) continue;
      const reason = failure.reason!;
      if (tooMany(reason) !== undefined || UNANSWERED.test(reason) || LOST.test(reason)) continue;
      const own = fates.filter((fate) => selects(resource, fate, patterns) && this.wasThere(fate) && !fate.meddledWith);
      const left = own.filter(
        (fate) => fate.history.deletedAt === undefined && !others(resource).some((one) => selects(one, fate)),
      );
      const kept = deniedIn(reason).find((jobId) => jobId !== denied);
      must(kept === undefined, `${denied} is denied, and so ${kept} is left`);
      const unnamed = left.find(({ jobId }) => !isNamed(reason, jobId));
      must(unnamed === undefined, `${denied} is denied, and ${unnamed?.jobId} is left, and not named: ${reason}`);
      if (left.some(({ jobId }) => jobId === denied)) this.seen.push('named, for it is denied');
      if (own.length > left.length) this.seen.push('others gone');
    }
  }

  /** What had to live does, and what was deleted was deleted as its resource says. */
  lives(): void {
    for (const fate of this.done.fates) {
      this.judge(fate);
    }
  }

  /** What was reported as deleted is gone. */
  gone(): void {
    const { plan, fates } = this.done;
    for (const goer of plan.goers) {
      const at = goer.must ? this.successOf(goer) : undefined;
      if (at === undefined) continue;
      const own = fates.filter((fate) => this.mustGoWith(goer, fate));
      const old = own.filter((fate) => this.wasThere(fate));
      const latest = Math.max(...old.map(({ history }) => history.deletedAt ?? Infinity));
      // Who has seen the last of these go has looked for others after that.
      const others = names(goer.resource) ? [] : own.filter((one) => one.isNew && one.createdAt < latest);
      for (const { jobId, history } of [...old, ...others]) {
        const isGone = history.deletedAt !== undefined && history.deletedAt <= at;
        must(isGone, `${jobId} is reported as deleted by ${goer.resource.id}, and is there`);
        this.seen.push(`${Number.isFinite(goer.resource.maxJobs) ? 'swept' : 'deleted'} ${this.occasion(goer)}`);
      }
      if (others.length > 0) this.seen.push('newcomer swept');
    }
  }

  /** No job is kept in silence: whoever succeeded and has left a named job of its own there says so. */
  notSilent(answers: readonly string[]): void {
    for (const body of answers) {
      const { Status, Reason, PhysicalResourceId: id, LogicalResourceId } = JSON.parse(body) as Record<string, string>;
      const own = this.done.plan.leavers.concat(this.done.plan.goers.map(({ resource }) => resource));
      const mayKeep = own.filter((one) => isLogicalId(LogicalResourceId!, one) && names(one));
      const left = this.done.fates.filter(
        (fate) =>
          this.wasThere(fate) &&
          !fate.history.deletedAt &&
          !fate.meddledWith &&
          mayKeep.some((one) => selects(one, fate)),
      );
      const wasCreated =
        !id!.startsWith('not-created:') && (left.some(({ jobId }) => jobId === id) || id!.startsWith('jobs:'));
      if (Status === 'SUCCESS' && wasCreated && left.length > 0) {
        must(Reason !== undefined, `${LogicalResourceId} has kept ${left[0]!.jobId}, and does not say so`);
        this.seen.push('said to be kept');
      }
    }
  }

  private judge(fate: Fate): void {
    const { since, plan } = this.done;
    const { jobId, history, meddledWith } = fate;
    const { deletionStartedAt = 0, canceledAt = 0, deletedFrom = '', deletedWithForce } = history;
    const wanted = plan.goers.filter((goer) => selects(goer.resource, fate, EVERYTHING));
    const entitled = wanted.filter((goer) => this.mayTake(goer, fate));
    if (entitled.length === 0 && !fate.isNew) {
      must(canceledAt < since, `${jobId} was cancelled, and must be left alone`);
    }
    const mayCancel = entitled.some(({ resource }) => resource.spec.cancelFirst);
    must(fate.isNew || mayCancel || canceledAt < since, `${jobId} was cancelled, and nobody has asked for that`);
    const beganLikeThis = deletedFrom === 'DELETION_IN_PROGRESS';
    if (deletionStartedAt < since || beganLikeThis || meddledWith) {
      return;
    }
    must(entitled.length > 0, `${jobId} was deleted, and must live`);
    const mayForce = entitled.some(({ resource }) => resource.spec.force);
    must(mayForce || !deletedWithForce, `${jobId} was deleted with force`);
    const toldAt = canceledAt < since ? since : canceledAt + this.done.cancellationTime;
    const mustTell = entitled.every(({ resource }) => resource.spec.cancelFirst);
    must(!mustTell || deletionStartedAt >= toldAt, `${jobId} was deleted before its devices knew of the cancellation`);
    must(mayForce || !['IN_PROGRESS', 'SCHEDULED'].includes(deletedFrom), `${jobId} was deleted while it was active`);
  }

  private mayTake(goer: Goer, fate: Fate): boolean {
    const { resource, event } = goer;
    const isHeld = event === 'Delete' && this.done.plan.holders.some((holder) => selects(holder, fate));
    if (isHeld && this.wasThere(fate) && fate.history.deletedAt === undefined)
      this.seen.push('kept for another resource');
    const isTooNew = names(resource) && fate.isNew && !this.decidedAfter(goer, fate.createdAt);
    if (isTooNew) this.seen.push('newcomer with the same id');
    return !isHeld && !isTooNew && !this.refusedAll(goer) && !this.mustRefuse(goer);
  }

  /** Whether a goer that reports success must have seen to the job: nobody else has, or may have, a say in it. */
  private mustGoWith({ resource, event }: Goer, fate: Fate): boolean {
    const { plan, patterns } = this.done;
    if (!selects(resource, fate) || !selects(resource, fate, patterns)) {
      return false;
    }
    const all = (others: readonly Resource[]): Resource[] => others.filter((one) => selects(one, fate, EVERYTHING));
    const haveAllGone = all(plan.leavers).every((leaver) =>
      plan.goers.some((goer) => goer.resource === leaver && goer.must && this.successOf(goer) !== undefined),
    );
    return event === 'Update' || (all(plan.holders).length === 0 && haveAllGone);
  }

  private successOf({ resource, event }: Goer): number | undefined {
    const isSuccess = ({ logicalId, status }: StackEvent): boolean =>
      isLogicalId(logicalId, resource) && status === (event === 'Delete' ? 'DELETE_COMPLETE' : 'UPDATE_COMPLETE');
    return this.done.operation.events.find(isSuccess)?.time.getTime();
  }

  private decidedAfter({ resource, event }: Goer, time: number): boolean {
    return this.done.decisions.some(
      (one) => one.event === event && isLogicalId(one.logicalId, resource) && one.at >= time,
    );
  }

  /** A sweep that selected too many each time that it was asked touches none. */
  private refusedAll({ resource }: Goer): boolean {
    const own = this.done.operation.events.filter(({ logicalId }) => isLogicalId(logicalId, resource));
    const ends = own.filter(({ status }) => /^(DELETE|UPDATE)_(COMPLETE|FAILED)$/.test(status));
    const isRefusal = ({ reason = '' }: StackEvent): boolean => tooMany(reason) !== undefined;
    // A duplicate has no answer that counts, but may find fewer.
    return this.done.trouble.duplicates === 0 && ends.length > 0 && ends.every(isRefusal);
  }

  /** Where nobody else has a say, a sweep that matches too many from the beginning touches none. */
  private mustRefuse({ resource }: Goer): boolean {
    const { decisions, fates, plan, trouble } = this.done;
    const isCalm = trouble.strangers === 0 && trouble.crashes === 0 && trouble.strikes === undefined;
    const isFirst = decisions.filter((one) => isLogicalId(one.logicalId, resource)).length === 1;
    const matching = fates.filter((fate) => selects(resource, fate) && this.wasThere(fate) && this.isDeletable(fate));
    return (
      isCalm && isFirst && plan.goers.length === 1 && plan.holders.length === 0 && matching.length > resource.maxJobs
    );
  }

  /** It was in nobody's deletion when the operation began. */
  private isDeletable({ history: { deletionStartedAt } }: Fate): boolean {
    return (deletionStartedAt ?? Infinity) >= this.done.since;
  }

  private wasThere({ isNew, history }: Fate): boolean {
    return !isNew && (history.deletedAt ?? Infinity) > this.done.since;
  }

  private occasion({ event }: Goer): string {
    if (event === 'Update') return 'for a revision';
    return this.done.operation.status.startsWith('DELETE') ? 'with the stack' : 'in clean-up';
  }
}
