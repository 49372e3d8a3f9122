import type { Account } from '../account';
import { accountValues, type AccountValues } from './account-values';
import type { DynamicReference } from './dynamic-references';
import { type Environment, pseudoParameter } from './environment';
import { Exports } from './exports';
import { hole } from './holes';
import { nestedStack } from './nested-stack';
import type { ResourceType } from './resource-type';
import type { StackOutputReference } from './scope';
import type { Output, Stack } from './stack';
import type { StackList } from './stack-list';
import type { StackRequest } from './stack-request';
import { isCustom, isOurs, type Surroundings } from './surroundings';
import { readTemplate, type Template } from './template';
import type { TemplateBody } from './template-body';

/** Reads the output of a stack, if both are there. */
export interface OutputReader {
  output(stackName: string, outputName: string): string | undefined;
}

/** What the environment of an account's stacks is made of. */
export interface AccountEnvironmentOptions {
  readonly account: Account;
  /** By name; AWS::CloudFormation::CustomResource stands for every `Custom::*` as well. */
  readonly resourceTypes: ReadonlyMap<string, ResourceType>;
  /** The template at a nested stack's TemplateURL. */
  readonly nestedTemplate?: (url: string) => TemplateBody;
  /** The account's SSM parameters by name, which templates' parameters may be read from. */
  readonly ssmParameters?: ReadonlyMap<string, string>;
  /** With these, what can't run here is stubbed; without, what is not known here is refused. */
  readonly surroundings?: Surroundings;
  /** CloudFormation in another account or region. */
  readonly elsewhere?: (place: Partial<Account>) => OutputReader | undefined;
}

/** What the stacks of an account in a region stand on: resource types, exports and values, and how templates are read. */
export class AccountEnvironment implements Environment {
  readonly account: Account;
  readonly surroundings?: Surroundings;
  readonly dynamicReference: DynamicReference;
  readonly exports: Exports;
  private readonly values: AccountValues;
  private readonly types: ReadonlyMap<string, ResourceType>;

  constructor(
    private readonly options: AccountEnvironmentOptions,
    private readonly stacks: StackList,
  ) {
    const { account, surroundings, resourceTypes, ssmParameters = new Map<string, string>() } = options;
    this.account = account;
    this.surroundings = surroundings;
    this.values = accountValues(ssmParameters, surroundings !== undefined);
    this.dynamicReference = this.values.dynamicReference;
    this.exports = new Exports(() => stacks.all, this);
    const nested = nestedStack({
      environment: this,
      stack: (id) => stacks.required(id),
      template: (url) => this.nestedTemplate(url),
      read: ({ assetDirectory }, stackName, template, parameters) =>
        this.read({ stackName, template, parameters, assetDirectory }),
      open: (stackName, template, parent) => this.open(stackName, template, parent),
    });
    this.types = new Map([...resourceTypes, ['AWS::CloudFormation::Stack', nested]]);
  }

  /** Where the rest is stubbed, somebody else's custom resources are, too. */
  resourceType(type: string): ResourceType | undefined {
    if (isCustom(type) && this.surroundings && !isOurs(type)) {
      return undefined;
    }
    return this.types.get(isCustom(type) ? 'AWS::CloudFormation::CustomResource' : type);
  }

  importValue(exportName: string): string {
    return (
      this.exports.find(exportName) ?? this.unknown(`export ${exportName}`, `No export named ${exportName} found.`)
    );
  }

  stackOutput({ stackName, outputName, region, roleArn = '' }: StackOutputReference): string {
    const accountId = /^arn:[^:]+:iam::(\d{12}):/.exec(roleArn)?.[1];
    const isHere = region === undefined && accountId === undefined;
    const where = isHere ? this : this.options.elsewhere?.({ region, accountId });
    return (
      where?.output(stackName, outputName) ??
      this.unknown(`${stackName}.Outputs.${outputName}`, `Stack ${stackName} has no output ${outputName}.`)
    );
  }

  /** The value of an output of a stack that is here. */
  output(stackName: string, outputName: string): string | undefined {
    return this.stacks.find(stackName)?.outputs.get(outputName)?.value;
  }

  refusalToDelete(stack: Stack): string | undefined {
    return this.exports.refusalToDelete(stack);
  }

  refusalOfOutputs(stack: Stack, outputs: ReadonlyMap<string, Output>): string | undefined {
    return this.exports.refusalOf(stack, outputs);
  }

  /** Reads a template; throws for what CloudFormation refuses. */
  read(request: StackRequest, stack?: Stack): Template {
    const { account, surroundings } = this;
    const { stackName } = request;
    return readTemplate({
      body: request.template,
      parameters: request.parameters ?? {},
      assetDirectory: request.assetDirectory,
      lenient: surroundings !== undefined,
      hasType: (type) => surroundings !== undefined || this.resourceType(type) !== undefined,
      ssmParameter: (name) => this.values.ssmParameter(name),
      scope: {
        account,
        // A stack's id is not known before the template is found sound, and no condition has a use for it.
        ref: (name) => pseudoParameter(name, account, stackName, stack?.id ?? ''),
        importValue: (exportName) => this.importValue(exportName),
        stackOutput: (reference) => this.stackOutput(reference),
        unknownFunction: surroundings && ((name) => hole(`${stackName}.${name}`)),
      },
    });
  }

  /** Opens a stack's record. */
  open(stackName: string, template: Template, parent?: Stack): Stack {
    const stack = this.stacks.open(stackName, template, parent);
    const { accountId, region } = this.account;
    const at = { stackName, stackId: stack.id, account: accountId, region };
    this.surroundings?.stubs.conditions.push(
      ...template.conditions.uncertain.map((uncertainty) => ({ ...at, ...uncertainty })),
    );
    return stack;
  }

  private nestedTemplate(url: string): TemplateBody {
    if (!this.options.nestedTemplate) {
      throw new Error(`The embedded CloudFormation was not told where nested templates are: ${url}`);
    }
    return this.options.nestedTemplate(url);
  }

  private unknown(origin: string, message: string): string {
    if (!this.surroundings) {
      throw new Error(message);
    }
    return hole(origin);
  }
}
