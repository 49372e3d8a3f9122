import type { Output, StackEvent, StackResource, StackStatus } from './stack';
import type { TemplateBody } from './template';

/** A stack to be created, or what to make of an existing one. */
export interface StackRequest {
  readonly stackName: string;
  readonly template: TemplateBody;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Where the unpacked code asset of this hash lies. */
  readonly assetDirectory: (assetHash: string) => string;
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
}
