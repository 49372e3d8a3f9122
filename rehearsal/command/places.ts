import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Account, LocalAws, StackResource } from '../../local';

/** The regions that a resource can name. */
export const REGIONS: readonly string[] = RegionInfo.regions.map(({ name }) => name);

/** AWS IoT of an account in a region. */
export interface JobPlace {
  readonly iot: LocalAws['iot'];
  /** The account and the region, `111122223333/eu-west-1`; left out for the only one that the stacks are in. */
  readonly place?: string;
}

/** The places in which the resources of an account and region have their jobs. */
export class JobPlaces {
  constructor(
    private readonly aws: LocalAws,
    /** The stacks' own. */
    private readonly home: Account,
    /** Whether stacks are in other accounts or regions, too: then every place has its name. */
    private readonly isOneOfMany = false,
  ) {}

  /** The stacks' own. */
  get own(): JobPlace {
    return { iot: this.aws.iot, place: this.nameOf(this.home.accountId, this.home.region) };
  }

  /**
   * Where a resource says that its jobs are, as its role sees it. An account and a role that are not the app's are made;
   * whom such a role trusts does not matter, because IAM is not simulated. None for a region that there is not.
   */
  of({ Region, AssumeRole }: StackResource['properties']): JobPlace | undefined {
    const { RoleArn = '' } = (AssumeRole ?? {}) as { readonly RoleArn?: string };
    const [, accountId = this.home.accountId, roleName] = /^arn:[^:]+:iam::(\d{12}):role\/(.+)$/.exec(RoleArn) ?? [];
    const region = (Region ?? this.home.region) as string;
    if (region !== this.home.region && !REGIONS.includes(region)) {
      return undefined;
    }
    const account = this.aws.account(accountId);
    if (roleName !== undefined && !account.iam.findRole(RoleArn)) {
      account.iam.createRole(roleName);
    }
    return { iot: account.iotIn(region), place: this.nameOf(accountId, region) };
  }

  private nameOf(accountId: string, region: string): string | undefined {
    const isHome = accountId === this.home.accountId && region === this.home.region;
    return isHome && !this.isOneOfMany ? undefined : `${accountId}/${region}`;
  }
}
