import { randomUUID } from 'node:crypto';
import type { Account } from '../account';
import type { Clock } from '../clock';
import {
  type DeletionPolicy,
  operationBegun,
  type OperationType,
  type ResourceStatus,
  type StackStatus,
} from './statuses';
import type { StubbedProperty } from './stubs';
import type { Template } from './template';

/** One line of a stack's history. */
export interface StackEvent {
  readonly eventId: string;
  readonly time: Date;
  readonly stackId: string;
  readonly stackName: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: ResourceStatus | StackStatus;
  readonly reason?: string;
  /** The operation that it belongs to. */
  readonly operationId?: string;
}

/** An operation on a stack: a rollback is one of its own. */
export interface StackOperationEntry {
  readonly operationId: string;
  readonly operationType: OperationType;
}

/** Resolved properties: no intrinsic is left in them. */
export type Properties = Readonly<Record<string, unknown>>;

/** A physical resource that a stack owns. */
export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  /** Missing only while a create is under way, or after one that left nothing behind. */
  physicalId?: string;
  status: ResourceStatus;
  /** As last sent to the resource, whether it accepted them or not. */
  properties: Properties;
  attributes: Readonly<Record<string, unknown>>;
  deletionPolicy: DeletionPolicy;
  updateReplacePolicy: DeletionPolicy;
  /** That it is only stubbed: its properties are the template's own, intrinsics and all. */
  stub?: true;
  /** The properties in which a value stands for one that only an account knows. */
  stubbed?: readonly StubbedProperty[];
}

/** A value that a stack publishes. */
export interface Output {
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

/** An update under way: what the stack was, until the clean-up is over and there is no way back. */
export interface Change {
  readonly from: Template;
  readonly to: Template;
  readonly before: ReadonlyMap<string, StackResource>;
  readonly outputsBefore: ReadonlyMap<string, Output>;
  /** Resources that a property change made anew, their predecessors still there. */
  readonly remade: Set<string>;
  /** Resources that the way back failed on: it must be gone again, though they were sent its properties. */
  readonly failedBack: Set<string>;
}

/** A stack's record. It knows its history, not how to change: that is the operations' part. */
export class Stack {
  readonly id: string;
  readonly creationTime: Date;
  deletionTime?: Date;
  status: StackStatus = 'REVIEW_IN_PROGRESS';
  statusReason?: string;
  outputs: ReadonlyMap<string, Output> = new Map();
  readonly resources = new Map<string, StackResource>();
  /** Physical resources that exist beside `resources`: they were replaced and wait for the clean-up. */
  superseded: StackResource[] = [];
  change?: Change;
  readonly events: StackEvent[] = [];
  /** The oldest first. */
  readonly operations: StackOperationEntry[] = [];
  terminationProtection = false;

  constructor(
    readonly name: string,
    /** The template in force. */
    public template: Template,
    readonly parent: Stack | undefined,
    account: Account,
    private readonly clock: Clock,
    private readonly publish: (event: StackEvent) => void,
  ) {
    this.id = `arn:aws:cloudformation:${account.region}:${account.accountId}:stack/${name}/${randomUUID()}`;
    this.creationTime = new Date(clock.now());
  }

  get root(): Stack {
    return this.parent?.root ?? this;
  }

  /** Nobody else may start an operation on a stack in progress. */
  get inProgress(): boolean {
    return this.status.endsWith('_IN_PROGRESS');
  }

  /** Enters a status and tells it. */
  enter(status: StackStatus, reason?: string): void {
    const operationType = operationBegun(this.status, status);
    if (operationType !== undefined) {
      this.operations.push({ operationId: randomUUID(), operationType });
    }
    this.status = status;
    this.statusReason = reason;
    if (status === 'DELETE_COMPLETE') {
      this.deletionTime = new Date(this.clock.now());
    }
    this.record(this.name, this.id, 'AWS::CloudFormation::Stack', status, reason);
  }

  /** Puts a resource into a status and tells it. */
  report(resource: StackResource, status: ResourceStatus, reason?: string): void {
    resource.status = status;
    this.record(resource.logicalId, resource.physicalId ?? '', resource.type, status, reason);
  }

  private record(
    logicalId: string,
    physicalId: string,
    type: string,
    status: ResourceStatus | StackStatus,
    reason?: string,
  ): void {
    const event: StackEvent = {
      eventId: randomUUID(),
      time: new Date(this.clock.now()),
      stackId: this.id,
      stackName: this.name,
      logicalId,
      physicalId,
      type,
      status,
      reason,
      operationId: this.operations.at(-1)?.operationId,
    };
    this.events.push(event);
    this.publish(event);
  }
}
