import { accountOf, regionOf } from '../aws/place';
import type { Subject } from './subject';

/** Stands for a job id that is still to be filled in. */
export const ANY_JOB = '<JOB_ID>';

/**
 * Commands of the AWS CLI for a message. Each is exact: it names the region, and for another account a profile, so that
 * nobody deletes a namesake at home. A name that is still to be filled in stands in `<>`, which no shell runs.
 */
export const commands = {
  deleteJob: (subject: Subject): string =>
    command('delete-job', subject, [
      ...named(subject),
      ...(subject.force ? ['--force'] : []),
      ...(subject.namespaceId === undefined ? [] : [`--namespace-id ${subject.namespaceId}`]),
    ]),

  cancelJob: (subject: Subject): string => command('cancel-job', subject, named(subject)),

  describeJob: (subject: Subject): string => command('describe-job', subject, named(subject)),

  /** Who holds the slots. */
  listDeletions: (subject: Subject): string => command('list-jobs', subject, ['--status DELETION_IN_PROGRESS']),
};

/** What has to be said before a command that needs the credentials of another account; nothing at home. */
export function profileFor({ place, home }: Subject): string {
  return place.assumeRole === undefined || isHome(place, home)
    ? ''
    : `The profile ${profile(place, home)} stands for credentials of that account. `;
}

function named({ jobId = ANY_JOB }: Subject): readonly string[] {
  return [`--job-id ${jobId}`];
}

function command(operation: string, { place, home }: Subject, options: readonly string[]): string {
  const where = [
    `--region ${regionOf(place, home)}`,
    ...(isHome(place, home) ? [] : [`--profile ${profile(place, home)}`]),
  ];
  return ['aws iot', operation, ...options, ...where].join(' ');
}

function isHome(place: Subject['place'], home: Subject['home']): boolean {
  return accountOf(place, home) === home.account;
}

function profile(place: Subject['place'], home: Subject['home']): string {
  return `account-${accountOf(place, home)}`;
}
