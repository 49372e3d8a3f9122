import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetManifestArtifact, type CloudAssembly } from 'aws-cdk-lib/cx-api';

/** A stack as CDK synthesized it, with the assets that it names. */
export interface SynthesizedStack {
  readonly stackName: string;
  readonly template: Record<string, unknown>;
  /** Where a code asset lies, by the hash that its S3 key carries. */
  readonly assetDirectory: (assetHash: string) => string;
}

/** A stack of a cloud assembly, as the embedded CloudFormation takes it. */
export function synthesizedStack(assembly: CloudAssembly, stackName: string): SynthesizedStack {
  return {
    stackName,
    template: assembly.getStackByName(stackName).template as Record<string, unknown>,
    assetDirectory: (assetHash) => join(assembly.directory, `asset.${assetHash}`),
  };
}

/** Finds the template at a nested stack's TemplateURL. */
export type NestedStackTemplate = (url: string) => Record<string, unknown>;

/** The nested templates of a cloud assembly: file assets, whose URL ends in their hash. */
export function nestedTemplates(assembly: CloudAssembly): NestedStackTemplate {
  const manifests = assembly.artifacts.filter((artifact) => AssetManifestArtifact.isAssetManifestArtifact(artifact));
  const files = manifests.flatMap(({ contents }) => Object.entries(contents.files ?? {}));
  return (url) => {
    const [, file] = files.find(([hash]) => url.includes(hash)) ?? [];
    if (!file?.source.path) {
      throw new Error(`No asset of the cloud assembly is the nested template at ${url}.`);
    }
    return JSON.parse(readFileSync(join(assembly.directory, file.source.path), 'utf8')) as Record<string, unknown>;
  };
}
