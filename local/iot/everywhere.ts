import type { LocalAccounts } from '../accounts';
import type { ApiRequest, ApiResponse, Service } from '../api';

/** AWS IoT of every account in every region: a call goes to that of its caller, in the region that it was signed for. */
export class IotEverywhere implements Service {
  readonly signingName = 'iot';
  readonly furtherRegions: readonly string[];

  constructor(private readonly accounts: LocalAccounts) {
    this.furtherRegions = accounts.furtherRegions;
  }

  handle(request: ApiRequest): Promise<ApiResponse> {
    return this.accounts.ofCaller(request.accessKeyId).iotIn(request.region).handle(request);
  }
}
