import type { Contender } from '../contender';
import { awsCustomResources } from './aws-custom-resources';
import { fastestScript, patientScript, sweepCommand } from './commands';
import { jobDeletions } from './job-deletions';
import { jobSweep } from './job-sweep';
import { plainProvider } from './plain-provider';
import { shellLoop } from './shell-loop';
import { smallAccount } from './small-account';

/** Everybody who takes part, in the order of the table. */
export const contenders: readonly Contender[] = [
  jobSweep,
  jobDeletions,
  awsCustomResources,
  plainProvider,
  shellLoop,
  smallAccount,
  sweepCommand,
  fastestScript,
  patientScript,
];
