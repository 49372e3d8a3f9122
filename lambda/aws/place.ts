/** Where jobs are, if not in the function's own region, or not in its own account. */
export interface Place {
  readonly region?: string;
  readonly assumeRole?: AssumedRole;
}

/** A role of the account in which the jobs are. */
export interface AssumedRole {
  readonly roleArn: string;
  readonly externalId?: string;
  readonly sessionName?: string;
}

/** Where the function itself is: what is not said of a place. */
export interface Home {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** The partition, region and account that an ARN names; nothing if it is none. */
export function homeOf(arn: string): Home | undefined {
  const [, partition, , region, account] = /^arn:([^:]+):([^:]+):([^:]+):(\d{12}):/.exec(arn) ?? [];
  return partition && region && account ? { partition, region, account } : undefined;
}

/** The ARN of a job, wherever it is. */
export function jobArn(jobId: string, place: Place, home: Home): string {
  return `arn:${home.partition}:iot:${regionOf(place, home)}:${accountOf(place, home)}:job/${jobId}`;
}

/** The region of the jobs. */
export function regionOf({ region }: Place, home: Home): string {
  return region ?? home.region;
}

/** The account of the jobs. */
export function accountOf({ assumeRole }: Place, home: Home): string {
  return assumeRole ? accountOfRole(assumeRole) : home.account;
}

/** `arn:aws:iam::ACCOUNT:role/NAME` */
export function accountOfRole({ roleArn }: AssumedRole): string {
  return roleArn.split(':')[4] ?? '';
}
