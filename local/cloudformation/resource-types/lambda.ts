import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
}

/** What is needed of the embedded Lambda. */
export interface Functions {
  createFunction(definition: FunctionDefinition): { readonly arn: string } | Promise<{ readonly arn: string }>;
  updateFunction(definition: FunctionDefinition): unknown;
  deleteFunction(nameOrArn: string): unknown;
}

/** AWS::Lambda::Function. */
export function lambdaFunctionType(functions: Functions, functionArn: (name: string) => string): ResourceType {
  const inlineCode = new Map<string, string>();
  const define = (context: ResourceContext, functionName: string): FunctionDefinition => {
    const { properties } = context;
    if (properties.PackageType === 'Image') {
      throw new Error('The embedded Lambda runs no container images.');
    }
    const { Environment, LoggingConfig = {}, VpcConfig = {} } = properties as Record<string, Properties | undefined>;
    const environment = Environment?.Variables as Properties | undefined;
    return {
      functionName,
      codeDirectory: codeDirectory(context, functionName, inlineCode),
      handler: requiredText(properties, 'Handler'),
      environment: Object.fromEntries(Object.entries(environment ?? {}).map(([name, value]) => [name, String(value)])),
      timeoutSeconds: Number(properties.Timeout ?? 3),
      memorySize: Number(properties.MemorySize ?? 128),
      roleArn: requiredText(properties, 'Role'),
      runtime: requiredText(properties, 'Runtime'),
      logGroupName: optionalText(LoggingConfig, 'LogGroup'),
      kmsKeyArn: optionalText(properties, 'KmsKeyArn'),
      inVpc: list(VpcConfig, 'SubnetIds').length > 0,
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
      const directory = inlineCode.get(context.physicalId);
      if (directory !== undefined) {
        inlineCode.delete(context.physicalId);
        rmSync(directory, { recursive: true, force: true });
      }
    },
  };
}

/** An asset lies unpacked in the cloud assembly, inline code is written to a folder of its own. */
function codeDirectory(context: ResourceContext, functionName: string, inlineCode: Map<string, string>): string {
  const code = context.properties.Code as Properties;
  const source = optionalText(code, 'ZipFile');
  if (source === undefined) {
    const key = requiredText(code, 'S3Key');
    return context.assetDirectory(key.slice(key.lastIndexOf('/') + 1).replace(/\.zip$/, ''));
  }
  const directory = inlineCode.get(functionName) ?? mkdtempSync(join(tmpdir(), 'inline-function-'));
  inlineCode.set(functionName, directory);
  writeFileSync(join(directory, 'index.js'), source);
  return directory;
}
