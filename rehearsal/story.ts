import type { JobStatus } from '@aws-sdk/client-iot';
import type { LocalAws } from '../local';
import { FLEET, type FleetStackProps, synthesize } from './fleet-stack';
import type { Options } from './options';
import { progressOf } from './progress';
import type { Recorder } from './recorder';
import type { Terminal } from './terminal';

const BYSTANDER = 'somebody-elses-job';
const NIGHTLY = 'nightly-report';
const LATE_THING = 'thing-that-exists-already';
const SINGLES = ['single-1', 'single-2', 'single-3'];
const STATES: readonly JobStatus[] = ['IN_PROGRESS', 'SCHEDULED', 'COMPLETED', 'CANCELED'];

/** Tells the story of one stack, and what becomes of its jobs. */
export async function tellStory(
  aws: LocalAws,
  options: Options,
  recorder: Recorder,
  terminal: Terminal,
): Promise<void> {
  const { iot, cloudFormation } = aws;
  const { jobId, force } = options.job;
  const second = `${jobId.slice(0, 57)}-second`;
  const third = `${jobId.slice(0, 57)}-third`;
  const fleetJobs = Array.from({ length: options.jobs }, (_, i) => `fleet-${String(i + 1).padStart(3, '0')}`);

  const operate = async (name: string, expected: string, run: Parameters<Recorder['operate']>[1]): Promise<void> => {
    const progress = (): string => progressOf(fleetJobs.map((id) => ({ iot, jobId: id })));
    await recorder.operate({ name, expected, progress }, run);
  };
  const is = (id: string, state: 'deleted' | 'kept'): void => {
    const actual = iot.job(id) === undefined ? 'deleted' : 'kept';
    recorder.check(`${id} was ${actual}`, actual === state);
  };
  const fleetIs = (state: 'deleted' | 'kept'): void => {
    const kept = fleetJobs.filter((id) => iot.job(id) !== undefined).length;
    const actual = state === 'kept' ? kept : options.jobs - kept;
    recorder.check(`${actual} of ${options.jobs} jobs of the fleet were ${state}`, actual === options.jobs);
  };

  terminal.heading('Jobs that pipelines and consoles have created');
  const createJob = (id: string, status: JobStatus): void => {
    iot.createJob({ jobId: id, status, targets: things, namespaceId: options.job.namespaceId });
    terminal.line(`${id}: ${status}`);
  };
  const things = ['thing-1', 'thing-2', LATE_THING].map((name) => iot.createThing(name).thingArn);
  const ownStatus = force ? 'IN_PROGRESS' : 'COMPLETED';
  [jobId, second, third].forEach((id) => createJob(id, ownStatus));
  createJob(NIGHTLY, 'COMPLETED');
  createJob(BYSTANDER, 'IN_PROGRESS');
  SINGLES.forEach((id, i) => createJob(id, STATES[i % STATES.length]!));

  const version: FleetStackProps = {
    job: options.job,
    singleJobs: SINGLES,
    nightly: { jobId: NIGHTLY, revision: '2026-11-22' },
  };
  await operate('deploy', 'CREATE_COMPLETE', () => cloudFormation.createStack(synthesize(version)));
  [jobId, second, third, NIGHTLY, BYSTANDER].forEach((id) => is(id, 'kept'));

  terminal.heading(`${options.jobs} more jobs, for the thing group that the stack has made`);
  const targets = [iot.thingGroup(FLEET)!.thingGroupArn];
  fleetJobs.forEach((id, i) => iot.createJob({ jobId: id, status: STATES[i % STATES.length]!, targets }));
  terminal.line(`${fleetJobs[0]} to ${fleetJobs.at(-1)}: ${STATES.join(', ')}, in turns`);

  const withSecond = { ...version, job: { ...options.job, jobId: second } };
  await operate('update to another job id', 'UPDATE_COMPLETE', () =>
    cloudFormation.updateStack(synthesize(withSecond)),
  );
  is(jobId, 'deleted');
  is(second, 'kept');

  const revised = { ...withSecond, nightly: { jobId: NIGHTLY, revision: '2026-11-23' } };
  await operate('update of a revision', 'UPDATE_COMPLETE', () => cloudFormation.updateStack(synthesize(revised)));
  is(NIGHTLY, 'deleted');
  createJob(NIGHTLY, 'COMPLETED');

  const failing = { ...revised, job: { ...options.job, jobId: third }, lateThing: LATE_THING };
  await operate('update that fails', 'UPDATE_ROLLBACK_COMPLETE', () => cloudFormation.updateStack(synthesize(failing)));
  [second, third, NIGHTLY].forEach((id) => is(id, 'kept'));
  fleetIs('kept');

  await operate('destroy', 'DELETE_COMPLETE', () => cloudFormation.deleteStack({ stackName: 'Rehearsal' }));
  [second, NIGHTLY, ...SINGLES].forEach((id) => is(id, 'deleted'));
  fleetIs('deleted');
  [third, BYSTANDER].forEach((id) => is(id, 'kept'));
}
