import type { JobStatus } from '@aws-sdk/client-iot';
import type { LocalAws } from '../local';
import { FLEET, type FleetStackProps, synthesize } from './fleet-stack';
import type { Options } from './options';
import { Recorder } from './recorder';
import { sweepProgress } from './progress';
import type { Recording } from './result';
import type { Terminal } from './terminal';

const BYSTANDER = 'somebody-elses-job';
const NIGHTLY = 'nightly-report';
const LATE_THING = 'thing-that-exists-already';
const SINGLES = ['single-1', 'single-2', 'single-3'];
const STATES: readonly JobStatus[] = ['IN_PROGRESS', 'SCHEDULED', 'COMPLETED', 'CANCELED'];

/** Tells the story of one stack, and what became of its jobs. */
export async function tellStory(aws: LocalAws, options: Options, terminal: Terminal): Promise<Recording> {
  const { iot, cloudFormation } = aws;
  const { jobId, force } = options.job;
  const second = `${jobId.slice(0, 57)}-second`;
  const third = `${jobId.slice(0, 57)}-third`;
  const fleetJobs = Array.from({ length: options.jobs }, (_, i) => `fleet-${String(i + 1).padStart(3, '0')}`);

  const recorder = new Recorder(aws, terminal);
  const operate = recorder.operate.bind(recorder);
  const check = recorder.check.bind(recorder);
  const lives = (id: string): void => check(`${id} lives`, iot.job(id) !== undefined);
  const gone = (id: string): void => check(`${id} is gone`, iot.job(id) === undefined);
  const ofFleet = (): number => fleetJobs.filter((id) => iot.job(id) !== undefined).length;

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
  [jobId, second, third, NIGHTLY, BYSTANDER].forEach(lives);

  terminal.heading(`${options.jobs} more jobs, for the thing group that the stack has made`);
  const targets = [iot.thingGroup(FLEET)!.thingGroupArn];
  fleetJobs.forEach((id, i) => iot.createJob({ jobId: id, status: STATES[i % STATES.length]!, targets }));
  terminal.line(`${fleetJobs[0]} to ${fleetJobs.at(-1)}: ${STATES.join(', ')}, in turns`);

  const withSecond = { ...version, job: { ...options.job, jobId: second } };
  await operate('update to another job id', 'UPDATE_COMPLETE', () =>
    cloudFormation.updateStack(synthesize(withSecond)),
  );
  gone(jobId);
  lives(second);

  const revised = { ...withSecond, nightly: { jobId: NIGHTLY, revision: '2026-11-23' } };
  await operate('update of a revision', 'UPDATE_COMPLETE', () => cloudFormation.updateStack(synthesize(revised)));
  gone(NIGHTLY);
  createJob(NIGHTLY, 'COMPLETED');

  const failing = { ...revised, job: { ...options.job, jobId: third }, lateThing: LATE_THING };
  await operate('update that fails', 'UPDATE_ROLLBACK_COMPLETE', () => cloudFormation.updateStack(synthesize(failing)));
  lives(second);
  lives(third);
  lives(NIGHTLY);
  check(`all ${options.jobs} jobs of the fleet live`, ofFleet() === options.jobs);

  const endProgress = sweepProgress(iot, fleetJobs, terminal);
  await operate('destroy', 'DELETE_COMPLETE', () => cloudFormation.deleteStack({ stackName: 'Rehearsal' }));
  endProgress();
  [second, NIGHTLY, ...SINGLES].forEach(gone);
  check(`all ${options.jobs} jobs of the fleet are gone`, ofFleet() === 0);
  lives(third);
  lives(BYSTANDER);

  return recorder.recording();
}
