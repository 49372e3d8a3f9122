import type { FaultRule } from '../../local/faults/faults';
import type { AccountOptions } from './account';
import type { DeletionSpec, NewJob, Program, StackSpec, Step, SweepSpec, Trouble } from './program';

/** A short program, made for one kind of bug, and the account that it needs. */
export interface Scenario {
  readonly program: Program;
  readonly world?: AccountOptions;
}

export const CALM: Trouble = { seed: 1, faults: 0, crashes: 0, duplicates: 0, strangers: 0 };

export const forced: DeletionSpec = { force: true, cancelFirst: false, deleteOnRollback: false, retain: false };

const empty: StackSpec = { patterns: ['*'], deletions: {}, tokenId: 'Token', fails: false };

export function job(jobId: string, rest: Partial<NewJob> = {}): Step {
  return { do: 'create job', jobId, job: { status: 'COMPLETED', inProgress: 0, tagged: true, ...rest } };
}

export function deploy(stack: Partial<StackSpec>, ...rules: readonly FaultRule[]): Step {
  return { do: 'deploy', stack: { ...empty, ...stack }, trouble: { ...CALM, rules } };
}

export function destroy(...rules: readonly FaultRule[]): Step {
  return { do: 'destroy', trouble: { ...CALM, rules } };
}

/** These jobs are deleted, each by a resource of its own. */
export function deletions(jobIds: readonly string[], spec: Partial<DeletionSpec> = {}): Partial<StackSpec> {
  return { deletions: Object.fromEntries(jobIds.map((jobId) => [jobId, { ...forced, ...spec }])) };
}

export function sweep(selection: SweepSpec['selection'], spec: Partial<SweepSpec> = {}): Partial<StackSpec> {
  return { sweep: { ...forced, id: 'Sweep', maxJobs: 1000, ...spec, selection } };
}
