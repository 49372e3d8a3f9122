import type { OnFailure } from './operations';
import type { Output, StackEvent, StackOperationEntry, StackResource } from './stack';
import type { StackStatus } from './statuses';
import type { TemplateBody } from './template-body';

/** A stack to be created, or what to make of an existing one. */
export interface StackRequest {
  readonly stackName: string;
  readonly template: TemplateBody;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Where the unpacked code asset of this hash lies. */
  readonly assetDirectory: (assetHash: string) => string;
  /** Refuses to delete the stack; an update leaves it as it is unless it is given. */
  readonly terminationProtection?: boolean;
}

/** What creates a stack. */
export interface CreateStackRequest extends StackRequest {
  readonly onFailure?: OnFailure;
}

/** What updates a stack. */
export interface UpdateStackRequest extends StackRequest {
  /** Leaves a stack whose update fails UPDATE_FAILED. */
  readonly disableRollback?: boolean;
}

/** What deletes a stack. */
export interface DeleteStackRequest {
  readonly stackName: string;
  /** Logical ids of resources that an earlier attempt failed on, to be left alone now. */
  readonly retainResources?: readonly string[];
  /** FORCE_DELETE_STACK leaves alone whatever can't be deleted. */
  readonly deletionMode?: 'STANDARD' | 'FORCE_DELETE_STACK';
}

/** How an operation ended. */
export interface StackOperation {
  readonly stackId: string;
  readonly status: StackStatus;
  /** Why it failed, also where the rollback that followed went well. */
  readonly reason?: string;
  /** The events of this operation, those of the nested stacks among them. */
  readonly events: readonly StackEvent[];
}

/** A stack as it stands. */
export interface StackView {
  readonly id: string;
  readonly status: StackStatus;
  readonly statusReason?: string;
  readonly resources: readonly Readonly<StackResource>[];
  readonly outputs: Readonly<Record<string, Output>>;
  readonly events: readonly StackEvent[];
  /** The oldest first. */
  readonly operations: readonly StackOperationEntry[];
  readonly terminationProtection: boolean;
}
