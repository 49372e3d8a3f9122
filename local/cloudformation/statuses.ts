/** The life of one physical resource, as its events tell it. */
export type ResourceStatus =
  | 'CREATE_IN_PROGRESS'
  | 'CREATE_COMPLETE'
  | 'CREATE_FAILED'
  | 'UPDATE_IN_PROGRESS'
  | 'UPDATE_COMPLETE'
  | 'UPDATE_FAILED'
  | 'DELETE_IN_PROGRESS'
  | 'DELETE_COMPLETE'
  | 'DELETE_FAILED'
  | 'DELETE_SKIPPED';

/** A stack's own status; the part before the last underscore says which operation is running or has run. */
export type StackStatus =
  | 'REVIEW_IN_PROGRESS'
  | 'CREATE_IN_PROGRESS'
  | 'CREATE_COMPLETE'
  | 'CREATE_FAILED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_COMPLETE'
  | 'ROLLBACK_FAILED'
  | 'UPDATE_IN_PROGRESS'
  | 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'
  | 'UPDATE_COMPLETE'
  | 'UPDATE_FAILED'
  | 'UPDATE_ROLLBACK_IN_PROGRESS'
  | 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'
  | 'UPDATE_ROLLBACK_COMPLETE'
  | 'UPDATE_ROLLBACK_FAILED'
  | 'IMPORT_IN_PROGRESS'
  | 'IMPORT_COMPLETE'
  | 'IMPORT_ROLLBACK_IN_PROGRESS'
  | 'IMPORT_ROLLBACK_COMPLETE'
  | 'IMPORT_ROLLBACK_FAILED'
  | 'DELETE_IN_PROGRESS'
  | 'DELETE_COMPLETE'
  | 'DELETE_FAILED';

/** A stack with one of these can be updated. */
export const UPDATABLE: ReadonlySet<string> = new Set<StackStatus>([
  'CREATE_COMPLETE',
  'CREATE_FAILED',
  'UPDATE_COMPLETE',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_COMPLETE',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
]);

/** What to do with the physical resource when it goes. */
export type DeletionPolicy = 'Delete' | 'Retain' | 'RetainExceptOnCreate' | 'Snapshot';

/** Whether a resource of this policy stays when its stack is deleted. */
export function isRetained(policy: unknown): boolean {
  return policy === 'Retain' || policy === 'RetainExceptOnCreate';
}

/** Why an operation began, where a person asked for it. */
export const USER_INITIATED = 'User Initiated';

/** What the event says that first carries a new resource's physical id. */
export const CREATION_INITIATED = 'Resource creation Initiated';

/** The kind of an operation on a stack, in the service's own words. */
export type OperationType = 'CREATE_STACK' | 'UPDATE_STACK' | 'DELETE_STACK' | 'ROLLBACK' | 'CONTINUE_ROLLBACK';

/** The operation that begins when a stack goes from one status to another, if one does. */
export function operationBegun(before: StackStatus | undefined, after: StackStatus): OperationType | undefined {
  switch (after) {
    case 'CREATE_IN_PROGRESS':
      return 'CREATE_STACK';
    case 'UPDATE_IN_PROGRESS':
      return 'UPDATE_STACK';
    case 'DELETE_IN_PROGRESS':
      return 'DELETE_STACK';
    case 'ROLLBACK_IN_PROGRESS':
      return 'ROLLBACK';
    case 'UPDATE_ROLLBACK_IN_PROGRESS':
      return before === 'UPDATE_ROLLBACK_FAILED' ? 'CONTINUE_ROLLBACK' : 'ROLLBACK';
    default:
      return undefined;
  }
}
