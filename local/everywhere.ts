import type { Account } from './account';
import type { LocalAccounts } from './accounts';
import type { ApiRequest, ApiResponse, Service } from './api';

/** A service of every account in every region: a call goes to that of its caller, in the region that it was signed for. */
export class Everywhere implements Service {
  readonly furtherRegions: readonly string[];

  constructor(
    readonly signingName: string,
    private readonly accounts: LocalAccounts,
    private readonly serviceIn: (place: Account) => Pick<Service, 'handle'>,
  ) {
    this.furtherRegions = accounts.furtherRegions;
  }

  handle(request: ApiRequest): Promise<ApiResponse> {
    const { accountId } = this.accounts.ofCaller(request.accessKeyId);
    return this.serviceIn({ accountId, region: request.region }).handle(request);
  }
}
