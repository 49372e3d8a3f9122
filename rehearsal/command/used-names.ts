import { UsageError } from '../usage';
import { idIn } from './jobs';
import type { Options } from './options';

/** The names of an account and region that the command line can name. */
export interface UsedNames {
  /** The `--job` options that no job was made by. */
  readonly unusedJobs: readonly string[];
  readonly jobIds: readonly string[];
  /** Those that sweeps select by. */
  readonly thingGroups: readonly string[];
}

/** @throws UsageError for a `--job` that no deletion names, or a `--thing-group` that no sweep selects by */
export function requireUsed(given: Pick<Options, 'jobs' | 'thingGroups'>, findings: readonly UsedNames[]): void {
  const jobs = Object.keys(given.jobs).filter((key) => findings.every(({ unusedJobs }) => unusedJobs.includes(key)));
  if (jobs.length > 0) {
    const known = unique(findings.flatMap(({ jobIds }) => jobIds));
    const names = jobs.map((key) => named(key, known));
    throw new UsageError(`--job: no deletion names the job ${quoted(names)}, ${only(known)}.`);
  }
  const known = unique(findings.flatMap(({ thingGroups }) => thingGroups));
  const groups = given.thingGroups.filter((name) => !known.includes(name));
  if (groups.length > 0) {
    throw new UsageError(`--thing-group: no sweep selects by the thing group ${quoted(groups)}, ${only(known)}.`);
  }
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

function quoted(names: readonly string[]): string {
  return `"${names.join('", "')}"`;
}

function only(known: readonly string[]): string {
  return known.length > 0 ? `only ${known.slice(0, 20).join(', ')}` : 'and there is none at all';
}

/** Without the stack, unless it is the stack that is wrong. */
function named(key: string, known: readonly string[]): string {
  return known.includes(idIn(key)) ? key : idIn(key);
}
