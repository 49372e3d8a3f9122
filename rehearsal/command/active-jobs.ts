import { failureSentence } from '../../local/cloudformation/failure-sentence';
import { unlessAborted } from '../interruption';
import { type Deletion, deployedDeletions, type DeployedStack } from './deletions';
import { explain } from './evidence';
import { nameOf, RehearsedJobs } from './jobs';
import { JobPlaces } from './places';
import { deploy, labelOf, onStage, type Stage } from './stage';
import { chosenStacks } from './stacks';

/**
 * Rehearses once more, beside the rehearsal proper, the stacks of deletions that may delete no active job: with one.
 * Answers what would make them fail.
 */
export async function failuresWithActiveJobs(stage: Stage, deletions: readonly Deletion[]): Promise<readonly string[]> {
  const careful = deletions.filter((deletion) => isCareful(deletion) && !isGivenActive(stage, deletion));
  const ids = stage.stacks.filter(({ artifact }) =>
    careful.some(({ stackNames }) => stackNames.includes(artifact.hierarchicalId)),
  );
  if (ids.length === 0) {
    return [];
  }
  const needed = chosenStacks(
    stage.assembly,
    ids.map(({ artifact }) => artifact.hierarchicalId),
  );
  return onStage(stage, async (aws, signal) => {
    const deployed: DeployedStack[] = [];
    for (const stack of stage.stacks.filter(({ artifact }) => needed.includes(artifact))) {
      const { stackId } = await unlessAborted(deploy(stage, aws, stack), signal);
      deployed.push({ artifact: stack.artifact, label: labelOf(stage, stack), id: stackId });
    }
    const places = new JobPlaces(aws, stage.home, stage.isOneOfMany);
    const here = deployedDeletions(aws, stage.home, deployed, places).filter(isCareful);
    const jobs = new RehearsedJobs(
      here,
      { ...stage.options, jobs: {}, thingGroups: [] },
      { at: places.own, names: [] },
    );
    jobs.makeActive(here);
    const failures: string[] = [];
    for (const { id } of deployed.reverse()) {
      const { events } = await unlessAborted(aws.cloudFormation.deleteStack({ stackName: id }), signal);
      for (const deletion of here.filter(({ stackId }) => stackId === id)) {
        const own = events.filter(({ logicalId }) => logicalId === deletion.logicalId);
        const words = failureSentence(own);
        if (words !== undefined) {
          const reason = explain(deletion, words, jobs.of(deletion));
          failures.push(`${nameOf(deletion)}: a job that is still active makes the teardown fail: ${reason}`);
        }
      }
    }
    return failures;
  });
}

/** Whether it deletes no active job, and may meet one. */
function isCareful({ force, cancelFirst, retained, selection }: Deletion): boolean {
  const statuses = 'filter' in selection ? selection.filter.statuses : undefined;
  const mayMeetOne = statuses?.some((status) => status === 'IN_PROGRESS' || status === 'SCHEDULED') ?? true;
  return !force && !cancelFirst && !retained && mayMeetOne;
}

/** With an active job that the person asks for, or that it selects by name of the status, the rehearsal proper shows it. */
function isGivenActive({ options }: Stage, { selection }: Deletion): boolean {
  if ('filter' in selection) {
    return selection.filter.statuses !== undefined;
  }
  const ids = 'job' in selection ? [selection.job] : selection.jobs;
  return Object.entries(options.jobs).some(([key, status]) => {
    return ids.some((id) => key === id || key.endsWith(`:${id}`)) && ['IN_PROGRESS', 'SCHEDULED'].includes(status);
  });
}
