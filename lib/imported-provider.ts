import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { reject } from './bad-input';
import { JobDeletionProviderBase } from './job-deletion-provider-base';
import type { IJobDeletionProvider, JobDeletionProviderAttributes } from './job-deletion-provider-props';
import { isDynamicReference, isLiteral } from './literal';
import { assertTypes } from './prop-types';

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
  protected get _functionName(): string {
    if (isDynamicReference(this.serviceToken)) {
      throw new Error(`${this.node.path}: metrics need the function's name, and serviceToken is a dynamic reference.`);
    }
    return Stack.of(this).splitArn(this.serviceToken, ArnFormat.COLON_RESOURCE_NAME).resourceName!;
  }

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
    const token: unknown = Stack.of(this).resolve(serviceToken);
    if (token === undefined) {
      throw new Error(`${this.node.path}: serviceToken is a token that resolves to nothing: it must have a value.`);
    }
    this.identity = JSON.stringify(token);
  }
}

/** Whether a provider is one of another app, whichever copy of this package imported it. */
export function isImported(provider: IJobDeletionProvider): provider is ImportedProvider {
  return typeof (provider as Partial<ImportedProvider>).identity === 'string';
}
