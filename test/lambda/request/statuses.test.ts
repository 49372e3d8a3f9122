import { StackStatus } from '@aws-sdk/client-cloudformation';
import {
  isRollingBack,
  isUpdating,
  type Phase,
  phaseOf,
  type Statuses,
  toldBy,
} from '../../../lambda/request/statuses';

const DELETION = 'DELETE_IN_PROGRESS';
const CLEAN_UP = 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';

/**
 * For each status that CloudFormation documents: what a Delete event means in a stack that has it, and what it means in a
 * stack that is being deleted within one that has it; and whether that is known at all.
 */
const rows: Readonly<Record<StackStatus, readonly [own: Phase, around: Phase]>> = {
  CREATE_COMPLETE: ['unclear', 'stack deletion'],
  CREATE_FAILED: ['unclear', 'stack deletion'],
  CREATE_IN_PROGRESS: ['unclear', 'unclear'],
  DELETE_COMPLETE: ['unclear', 'stack deletion'],
  DELETE_FAILED: ['unclear', 'stack deletion'],
  DELETE_IN_PROGRESS: ['stack deletion', 'stack deletion'],
  IMPORT_COMPLETE: ['unclear', 'stack deletion'],
  IMPORT_IN_PROGRESS: ['unclear', 'unclear'],
  IMPORT_ROLLBACK_COMPLETE: ['unclear', 'stack deletion'],
  IMPORT_ROLLBACK_FAILED: ['unclear', 'stack deletion'],
  IMPORT_ROLLBACK_IN_PROGRESS: ['rollback', 'rollback'],
  REVIEW_IN_PROGRESS: ['unclear', 'unclear'],
  ROLLBACK_COMPLETE: ['unclear', 'stack deletion'],
  ROLLBACK_FAILED: ['unclear', 'stack deletion'],
  ROLLBACK_IN_PROGRESS: ['rollback', 'rollback'],
  UPDATE_COMPLETE: ['unclear', 'stack deletion'],
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: ['clean-up', 'clean-up'],
  UPDATE_FAILED: ['unclear', 'stack deletion'],
  UPDATE_IN_PROGRESS: ['unclear', 'unclear'],
  UPDATE_ROLLBACK_COMPLETE: ['unclear', 'stack deletion'],
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: ['rollback', 'rollback'],
  UPDATE_ROLLBACK_FAILED: ['unclear', 'stack deletion'],
  UPDATE_ROLLBACK_IN_PROGRESS: ['rollback', 'rollback'],
};
const all = Object.values(StackStatus);

describe('a Delete in a stack that is', () => {
  test.each(all)('%s', (status) => expect(phaseOf([status])).toBe(rows[status][0]));
});

describe('a Delete in a stack that is being deleted, within one that is', () => {
  test.each(all)('%s', (status) => {
    expect(phaseOf([DELETION, status])).toBe(rows[status][1]);
    expect(phaseOf([DELETION, DELETION, status])).toBe(rows[status][1]);
  });
});

describe('a Delete in a stack that is being cleaned up, within one that is', () => {
  test.each(all)('%s', (status) => {
    const around = rows[status][1];
    expect(phaseOf([CLEAN_UP, status])).toBe(around === 'stack deletion' ? 'clean-up' : around);
  });
});

describe('any two stacks around each other: only a deletion or a clean-up of its own is obeyed', () => {
  test.each(all)('%s', (own) => {
    const obeyed = all.filter((around) => !['unclear', 'rollback'].includes(phaseOf([own, around])));
    expect(obeyed.length > 0).toBe(own === DELETION || own === CLEAN_UP);
  });
});

describe('statuses are matched whole', () => {
  test.each([
    'DELETE_IN_PROGRESS_V2',
    'XDELETE_IN_PROGRESS',
    'delete_in_progress',
    'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS ',
    'ROLLBACK_ALMOST_COMPLETE',
    '',
  ])('"%s", which AWS may add one day, is unclear: own and around', (status) => {
    expect(phaseOf([status])).toBe('unclear');
    expect(phaseOf([DELETION, status])).toBe('unclear');
    expect(isUpdating(['UPDATE_IN_PROGRESS', status])).toBe(false);
  });
});

test('a stack that CloudFormation does not know is unclear; one around counts for nothing', () => {
  expect(phaseOf([undefined])).toBe('unclear');
  expect(phaseOf([DELETION, undefined])).toBe('stack deletion');
});

describe('a changed revision is obeyed only in', () => {
  test.each(all)('%s?', (status) => {
    expect(isUpdating([status])).toBe(status === 'UPDATE_IN_PROGRESS');
    const around = rows[status][1] === 'stack deletion' && status !== DELETION;
    expect(isUpdating(['UPDATE_IN_PROGRESS', status])).toBe(around || status === 'UPDATE_IN_PROGRESS');
    expect(isRollingBack(['UPDATE_IN_PROGRESS', status] as Statuses)).toBe(rows[status][1] === 'rollback');
  });
});

describe("what a stack's own events say", () => {
  const said: Partial<Record<StackStatus, ReturnType<typeof toldBy>>> = {
    CREATE_COMPLETE: 'deployed',
    UPDATE_COMPLETE: 'deployed',
    UPDATE_ROLLBACK_COMPLETE: 'deployed',
    IMPORT_COMPLETE: 'deployed',
    IMPORT_ROLLBACK_COMPLETE: 'deployed',
    CREATE_IN_PROGRESS: 'never deployed',
    REVIEW_IN_PROGRESS: 'never deployed',
  };
  test.each(all)('%s', (status) => expect(toldBy(status)).toBe(said[status] ?? 'nothing'));
});
