import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InlineCode } from '../../lambda/inline-code';
import type { Provisioned, ResourceContext, ResourceType } from '../resource-type';
import { inventName, list, optionalText, requiredText } from '../resource-type';
import type { Properties } from '../stack';

/** A function as the embedded Lambda takes it. */
export interface FunctionDefinition {
  readonly functionName: string;
  readonly codeDirectory: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memorySize: number;
  readonly roleArn: string;
  readonly runtime: string;
  /** The log group that it shares; none for its own. */
  readonly logGroupName?: string;
  /** The key of its environment; none for Lambda's own. */
  readonly kmsKeyArn?: string;
  readonly inVpc: boolean;
  /** How many invocations it may have at a time; none: as many as the account. */
  readonly reservedConcurrency?: number;
}

/** Node.js's long-term versions, of which Lambda takes those that it has not retired. */
const NODE_RUNTIME = /^nodejs(1[68]|[2-9][02468])\.x$/;
const RETIRED_RUNTIME =
  /^(nodejs(\d\.\d+|1[024]\.x)?|python(2\.7|3\.[67])|java8|go1\.x|dotnetcore[123]\.\d|ruby2\.[57])$/;
const RUNTIME = /^(python3\.|java\d|dotnet|ruby3\.|provided)/;

/** What is needed of the embedded Lambda. */
export interface Functions {
  createFunction(definition: FunctionDefinition): { readonly arn: string } | Promise<{ readonly arn: string }>;
  updateFunction(definition: FunctionDefinition): unknown;
  deleteFunction(nameOrArn: string): unknown;
  /** Where code is written that a template has inline. */
  readonly inlineCode: Pick<InlineCode, 'directory'>;
}

/** AWS::Lambda::Function. */
export function lambdaFunctionType(functions: Functions, functionArn: (name: string) => string): ResourceType {
  const define = (context: ResourceContext, functionName: string): FunctionDefinition => {
    const { properties } = context;
    if (properties.PackageType === 'Image') {
      throw new Error('The embedded Lambda runs no container images.');
    }
    const { Environment, LoggingConfig = {}, VpcConfig = {} } = properties as Record<string, Properties | undefined>;
    const environment = Environment?.Variables as Properties | undefined;
    return {
      functionName,
      codeDirectory: codeDirectory(context, functionName, functions.inlineCode),
      handler: requiredText(properties, 'Handler'),
      environment: Object.fromEntries(Object.entries(environment ?? {}).map(([name, value]) => [name, String(value)])),
      timeoutSeconds: Number(properties.Timeout ?? 3),
      memorySize: Number(properties.MemorySize ?? 128),
      roleArn: requiredText(properties, 'Role'),
      runtime: runtimeOf(properties),
      logGroupName: optionalText(LoggingConfig, 'LogGroup'),
      kmsKeyArn: optionalText(properties, 'KmsKeyArn'),
      inVpc: list(VpcConfig, 'SubnetIds').length > 0,
      reservedConcurrency:
        properties.ReservedConcurrentExecutions === undefined
          ? undefined
          : Number(properties.ReservedConcurrentExecutions),
    };
  };
  const provisioned = (functionName: string): Provisioned => ({
    physicalId: functionName,
    attributes: { Arn: functionArn(functionName) },
  });
  return {
    requiresReplacement: ['FunctionName', 'PackageType'],
    async create(context) {
      const functionName = optionalText(context.properties, 'FunctionName') ?? inventName(context, 64);
      await functions.createFunction(define(context, functionName));
      return provisioned(functionName);
    },
    async update(context) {
      await functions.updateFunction(define(context, context.physicalId));
      return provisioned(context.physicalId);
    },
    async delete(context) {
      await functions.deleteFunction(context.physicalId);
    },
  };
}

/** A runtime that a function can be created with today. */
function runtimeOf(properties: Properties): string {
  const runtime = requiredText(properties, 'Runtime');
  if (RETIRED_RUNTIME.test(runtime)) {
    throw new Error(
      `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda functions. ` +
        'We recommend you use a supported runtime while creating or updating functions.',
    );
  }
  if (!NODE_RUNTIME.test(runtime) && !RUNTIME.test(runtime)) {
    throw new Error(`Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set`);
  }
  return runtime;
}

/** An asset lies unpacked in the cloud assembly, inline code is written to a folder of its own. */
function codeDirectory(context: ResourceContext, functionName: string, inlineCode: Functions['inlineCode']): string {
  const code = context.properties.Code as Properties;
  const source = optionalText(code, 'ZipFile');
  if (source === undefined) {
    const key = requiredText(code, 'S3Key');
    const asset = context.assetDirectory(key.slice(key.lastIndexOf('/') + 1).replace(/\.zip$/, ''));
    if (!existsSync(asset)) {
      // In AWS's words, and where it was looked for.
      throw new Error(
        `Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist: ${key} is not at ${asset}.`,
      );
    }
    return asset;
  }
  const directory = inlineCode.directory(functionName);
  writeFileSync(join(directory, 'index.js'), source);
  return directory;
}
