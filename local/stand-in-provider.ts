import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IConstruct } from 'constructs';
import type { Account } from './account';
import { synthesizedStack } from './assembly';
import type { CloudFormation } from './cloudformation/cloudformation';

/** What is needed of the library: its types are not those of the embedded AWS. */
interface Library {
  readonly JobDeletionProvider: new (scope: IConstruct, id: string) => { readonly serviceToken: string };
}

/** The stack with the provider that stands in for those of other apps. */
const STACK_NAME = 'StandInProvider';

/** A provider of this package, which is deployed when it is first needed. */
export class StandInProvider {
  private readonly directory = mkdtempSync(join(tmpdir(), 'stand-in-provider-'));
  private token?: Promise<string>;

  constructor(
    private readonly account: Account,
    private readonly cloudFormation: () => CloudFormation,
  ) {}

  /** The ARN of its function. */
  serviceToken(): Promise<string> {
    return (this.token ??= this.deploy());
  }

  /** Deletes its code. */
  close(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async deploy(): Promise<string> {
    const { App, CfnOutput, Stack } = await import('aws-cdk-lib');
    // The library's own bundle lies beside that of the embedded AWS.
    // oxlint-disable-next-line typescript/no-require-imports
    const { JobDeletionProvider } = require('../lib') as Library;
    const { accountId: account, region } = this.account;
    const app = new App({ outdir: this.directory, analyticsReporting: false });
    const stack = new Stack(app, STACK_NAME, { env: { account, region } });
    const { serviceToken } = new JobDeletionProvider(stack, 'JobDeletionProvider');
    new CfnOutput(stack, 'ServiceToken', { value: serviceToken });
    const cloudFormation = this.cloudFormation();
    const { status, reason } = await cloudFormation.createStack(synthesizedStack(app.synth(), STACK_NAME));
    if (status !== 'CREATE_COMPLETE') {
      throw new Error(`The provider that stands in for another app's could not be deployed: ${reason}`);
    }
    return cloudFormation.stack(STACK_NAME).outputs.ServiceToken!.value;
  }
}
