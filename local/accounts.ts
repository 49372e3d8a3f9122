import type { Account } from './account';
import { ServiceError } from './api';
import type { Iam, PolicyDocument } from './iam/iam';
import type { Iot } from './iot/iot';

const EVERYTHING: PolicyDocument = { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const ASSUMABLE: PolicyDocument = {
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } }],
};

/** Makes the AWS IoT of an account in a region. */
export type CreateIot = (account: Account, iam: Iam) => Iot;

/** An account of the embedded AWS: its roles, and an AWS IoT of its own in each region. */
export class LocalAccount {
  /** The home region's. */
  readonly iot: Iot;
  private readonly iotByRegion: ReadonlyMap<string, Iot>;

  constructor(
    readonly iam: Iam,
    /** The first is the account's home region. */
    regions: readonly [string, ...string[]],
    createIot: CreateIot,
  ) {
    const { accountId } = iam;
    this.iotByRegion = new Map(regions.map((region) => [region, createIot({ accountId, region }, iam)]));
    this.iot = this.iotIn(regions[0]);
  }

  get accountId(): string {
    return this.iam.accountId;
  }

  /** Another region's, with jobs and deletion slots of its own. */
  iotIn(region: string): Iot {
    const iot = this.iotByRegion.get(region);
    if (!iot) {
      const regions = [...this.iotByRegion.keys()].join(' and ');
      throw new ServiceError('UnknownRegion', 400, `The embedded AWS has AWS IoT in ${regions}, not in ${region}.`);
    }
    return iot;
  }
}

/** The accounts of the embedded AWS. The stacks, and the person at the keyboard, are in the home account. */
export class LocalAccounts {
  readonly home: LocalAccount;
  private readonly byId = new Map<string, LocalAccount>();

  constructor(
    iam: Iam,
    private readonly homeRegion: string,
    /** Those that have AWS IoT besides the home region. */
    readonly furtherRegions: readonly string[],
    private readonly createIot: CreateIot,
  ) {
    this.home = this.create(iam);
  }

  /** Opens an account that has nothing yet. */
  add(accountId: string): LocalAccount {
    if (!/^\d{12}$/.test(accountId) || this.byId.has(accountId)) {
      throw new Error(`'${accountId}' cannot be a further account: it takes 12 digits that no account has yet.`);
    }
    return this.create(this.home.iam.ofAccount(accountId));
  }

  /** An account, which comes to be when it is first asked for. */
  open(accountId: string): LocalAccount {
    return this.find(accountId) ?? this.add(accountId);
  }

  /** Makes a role that anybody may assume and that may do everything, unless there is one of that ARN. */
  makeRole(arn: string): void {
    const [, accountId, path, roleName] = /^arn:[^:]+:iam::(\d{12}):role(\/(?:.*\/)?)([^/]+)$/.exec(arn) ?? [];
    if (accountId === undefined || roleName === undefined) {
      throw new Error(`'${arn}' is not the ARN of a role.`);
    }
    const { iam } = this.open(accountId);
    if (!iam.hasRole(roleName)) {
      iam.createRole(roleName, { path, trustPolicy: ASSUMABLE, policies: { everything: EVERYTHING } });
    }
  }

  find(accountId: string): LocalAccount | undefined {
    return this.byId.get(accountId);
  }

  /** The account that a call is made in: that of the role whose credentials signed it. */
  ofCaller(accessKeyId: string): LocalAccount {
    const caller = this.home.iam.caller(accessKeyId);
    return (caller && this.find(caller.accountId)) ?? this.home;
  }

  private create(iam: Iam): LocalAccount {
    const account = new LocalAccount(iam, [this.homeRegion, ...this.furtherRegions], this.createIot);
    this.byId.set(account.accountId, account);
    return account;
  }
}
