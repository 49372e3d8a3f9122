/** What a Delete event means, by what CloudFormation is doing with the stack and with the stacks around it. */
export type Phase =
  /** The whole stack is being deleted. */
  | 'stack deletion'
  /** An update has succeeded, and what it replaced or removed is being deleted. */
  | 'clean-up'
  /** A create or an update has failed. */
  | 'rollback'
  /** Nothing that a Delete is obeyed in. */
  | 'unclear';

const DELETION = 'DELETE_IN_PROGRESS';
const CLEAN_UP = 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';

const ROLLING_BACK: ReadonlySet<string> = new Set([
  'ROLLBACK_IN_PROGRESS',
  'UPDATE_ROLLBACK_IN_PROGRESS',
  'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
  'IMPORT_ROLLBACK_IN_PROGRESS',
]);

/** A stack around at rest counts for nothing: it did not send this. So does one that is gone, or not known. */
const AT_REST: ReadonlySet<string | undefined> = new Set([
  undefined,
  'CREATE_COMPLETE',
  'CREATE_FAILED',
  'DELETE_COMPLETE',
  'DELETE_FAILED',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
  'IMPORT_ROLLBACK_FAILED',
  'ROLLBACK_COMPLETE',
  'ROLLBACK_FAILED',
  'UPDATE_COMPLETE',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_FAILED',
]);

/** Statuses of a stack, then of the one that it is nested in, and so on up to the root; nothing for one that is not known. */
export type Statuses = readonly [own: string | undefined, ...around: (string | undefined)[]];

/**
 * What a Delete event belongs to. Statuses are matched whole: one that AWS adds is unclear, and never deletes.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
 */
export function phaseOf(statuses: Statuses): Phase {
  const [own, ...around] = statuses;
  if (statuses.some((status) => status !== undefined && ROLLING_BACK.has(status))) {
    return 'rollback';
  }
  const isObeyed = (status: string | undefined): boolean => status === DELETION || status === CLEAN_UP;
  if (!isObeyed(own) || !around.every((status) => isObeyed(status) || AT_REST.has(status))) {
    return 'unclear';
  }
  // A nested stack that is deleted in its parent's clean-up: CloudFormation tries three times there, too.
  return statuses.includes(CLEAN_UP) ? 'clean-up' : 'stack deletion';
}

/** Whether the stack is on its way forward in an update, and no stack around it on another way. */
export function isUpdating([own, ...around]: Statuses): boolean {
  return own === 'UPDATE_IN_PROGRESS' && around.every((status) => status === own || AT_REST.has(status));
}

/** Whether the stack, or one around it, is rolling back. */
export function isRollingBack(statuses: Statuses): boolean {
  return phaseOf(statuses) === 'rollback';
}

/** What a stack's own events say of whether it was ever deployed: `nothing`, of most of them. */
export function toldBy(status: string): 'deployed' | 'never deployed' | 'nothing' {
  switch (status) {
    case 'CREATE_COMPLETE':
    case 'UPDATE_COMPLETE':
    case 'UPDATE_ROLLBACK_COMPLETE':
    case 'IMPORT_COMPLETE':
    case 'IMPORT_ROLLBACK_COMPLETE':
      return 'deployed';
    case 'CREATE_IN_PROGRESS':
    case 'REVIEW_IN_PROGRESS':
      return 'never deployed';
    default:
      return 'nothing';
  }
}
