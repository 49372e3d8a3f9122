import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';

/** A stack as CDK synthesized it, with the assets that it names. */
export interface SynthesizedStack {
  readonly stackName: string;
  readonly template: Record<string, unknown>;
  /** Where a code asset lies, by the hash that its S3 key carries. */
  readonly assetDirectory: (assetHash: string) => string;
}

/** A stack of a cloud assembly, as the embedded CloudFormation takes it. */
export function synthesizedStack(assembly: CloudAssembly, stackName: string): SynthesizedStack {
  const { template } = assembly.getStackByName(stackName);
  return {
    stackName,
    template: template as Record<string, unknown>,
    assetDirectory: (assetHash) => join(assembly.directory, `asset.${assetHash}`),
  };
}

/** Finds the template at a nested stack's TemplateURL. */
export type NestedStackTemplate = (url: string) => Record<string, unknown>;

/** The nested templates of a cloud assembly: file assets, whose URL ends in their hash. */
export function nestedTemplates(assembly: CloudAssembly): NestedStackTemplate {
  return (url) => {
    const manifests = assembly.stacks.flatMap(({ assets }) => assets);
    const asset = manifests.find(({ sourceHash }) => url.includes(sourceHash));
    if (!asset) {
      throw new Error(`No asset of the cloud assembly is the nested template at ${url}.`);
    }
    return JSON.parse(readFileSync(join(assembly.directory, asset.path), 'utf8')) as Record<string, unknown>;
  };
}
