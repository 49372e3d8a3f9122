import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { assertTypes, reject } from './bad-input';
import { JobDeletionProviderBase } from './job-deletion-provider-base';
import type { IJobDeletionProvider, JobDeletionProviderAttributes } from './job-deletion-provider-props';
import { isLiteral } from './literal';

/** A provider of another app. */
export class ImportedProvider extends JobDeletionProviderBase {
  public readonly serviceToken: string;
  public readonly jobIdPatterns: string[];
  public readonly regions: string[];
  public readonly assumableRoles: string[];

  /**
   * What of the provider is in the logical ids of the resources that use it. Known once, at import: a stack of its own
   * could resolve the same token to another text.
   */
  readonly identity: string;

  /** @internal */
  protected readonly _functionName: string;

  constructor(scope: Construct, id: string, attributes: JobDeletionProviderAttributes) {
    super(scope, id);
    assertTypes(this.node.path, { attributes }, { attributes: 'an object' });
    assertTypes(this.node.path, attributes, {
      serviceToken: 'a string',
      jobIdPatterns: 'a list of strings?',
      regions: 'a list of strings?',
      assumableRoles: 'a list of strings?',
    });
    const { serviceToken, jobIdPatterns = ['*'], regions = ['*'], assumableRoles = ['*'] } = attributes;
    if (isLiteral(serviceToken) && !/^arn:[^:]+:lambda:[^:]+:\d{12}:function:[\w-]+$/.test(serviceToken)) {
      reject(this, `serviceToken "${serviceToken}" is not the ARN of a function, without a version or alias.`);
    }
    this.serviceToken = serviceToken;
    this.jobIdPatterns = jobIdPatterns;
    this.regions = regions;
    this.assumableRoles = assumableRoles;
    this.identity = JSON.stringify(Stack.of(this).resolve(serviceToken));
    this._functionName = Stack.of(this).splitArn(serviceToken, ArnFormat.COLON_RESOURCE_NAME).resourceName!;
  }
}

/** Whether a provider is one of another app, whichever copy of this package imported it. */
export function isImported(provider: IJobDeletionProvider): provider is ImportedProvider {
  return typeof (provider as Partial<ImportedProvider>).identity === 'string';
}
