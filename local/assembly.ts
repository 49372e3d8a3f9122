import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseTemplate } from './cloudformation/template-body';
import { AssetManifestArtifact, CloudAssembly, type CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';

/** A stack as CDK synthesized it, with the assets that it names. */
export interface SynthesizedStack {
  readonly stackName: string;
  readonly template: Record<string, unknown>;
  /** Those that `cdk deploy` gives for the assets. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly terminationProtection: boolean;
  /** Where a code asset lies, by the hash that its S3 key carries: an absolute path, since functions run inside it. */
  readonly assetDirectory: (assetHash: string) => string;
}

/**
 * The cloud assembly in a folder.
 *
 * @throws Error that says what is missing, and how to make it
 */
export function cloudAssemblyIn(folder: string): CloudAssembly {
  if (!existsSync(join(folder, 'manifest.json'))) {
    const what = existsSync(folder) ? 'it has no manifest.json' : 'there is no such folder';
    throw new Error(
      `${folder} is not a cloud assembly: ${what}. A cloud assembly is the folder that "npx cdk synth" writes, cdk.out ` +
        `by default: run that first.`,
    );
  }
  try {
    const assembly = new CloudAssembly(folder);
    // A template is only read when somebody asks for it: one that is missing is told now.
    assembly.stacksRecursively.forEach(({ template }) => template as unknown);
    return assembly;
  } catch (error) {
    throw new Error(`${folder} is not a cloud assembly that can be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/**
 * A stack of a cloud assembly, those of its stages among them, as the embedded CloudFormation takes it.
 *
 * A name is enough where it is the only stack of that name: it is unique only in an account and region.
 */
export function synthesizedStack(
  assembly: CloudAssembly,
  nameOrArtifact: string | CloudFormationStackArtifact,
): SynthesizedStack {
  const stack = typeof nameOrArtifact === 'string' ? stackNamed(assembly, nameOrArtifact) : nameOrArtifact;
  const { stackName } = stack;
  const files = new Map(assetFiles(assembly));
  return {
    stackName,
    parameters: assetParameters(stack),
    terminationProtection: stack.terminationProtection ?? false,
    template: stack.template as Record<string, unknown>,
    assetDirectory: (assetHash) => files.get(assetHash) ?? resolve(stack.assembly.directory, `asset.${assetHash}`),
  };
}

function stackNamed(assembly: CloudAssembly, stackName: string): CloudFormationStackArtifact {
  const all = assembly.stacksRecursively;
  const [stack, ...more] = all.filter((each) => each.stackName === stackName);
  if (!stack) {
    const names = all.map((each) => each.stackName).join(', ');
    throw new Error(`The cloud assembly has no stack "${stackName}", only ${names || 'none'}.`);
  }
  if (more.length > 0) {
    const paths = [stack, ...more].map(({ hierarchicalId }) => hierarchicalId).join(', ');
    throw new Error(`The cloud assembly has several stacks "${stackName}": give the artifact of one of ${paths}.`);
  }
  return stack;
}

/** Finds the template at a nested stack's TemplateURL. */
export type NestedStackTemplate = (url: string) => Record<string, unknown>;

/** The nested templates of a cloud assembly: file assets, whose URL has their hash. They are JSON or YAML. */
export function nestedTemplates(assembly: CloudAssembly): NestedStackTemplate {
  const files = assetFiles(assembly);
  return (url) => {
    const [, file] = files.find(([hash]) => url.includes(hash)) ?? [];
    if (file === undefined) {
      throw new Error(`No asset of the cloud assembly is the nested template at ${url}.`);
    }
    return parseTemplate(readFileSync(file, 'utf8'));
  };
}

/**
 * The parameters that synthesizers before CDK 2 give each asset, as `cdk deploy` fills them in: a stack of the modern ones
 * has none.
 */
export function assetParameters(stack: CloudFormationStackArtifact): Record<string, string> {
  const parameters = stack.assets.filter(isFileAsset).flatMap((asset) => [
    [asset.s3BucketParameter, 'assets'],
    // The key is in two parts, between which the template puts nothing.
    [asset.s3KeyParameter, `||${asset.sourceHash}.${asset.packaging === 'zip' ? 'zip' : 'json'}`],
    [asset.artifactHashParameter, asset.sourceHash],
  ]);
  return Object.fromEntries(parameters) as Record<string, string>;
}

/** Where the file assets of an assembly and of its stages lie, by their hash. */
function assetFiles(assembly: CloudAssembly): (readonly [string, string])[] {
  const manifests = assembly.artifacts.filter((artifact) => AssetManifestArtifact.isAssetManifestArtifact(artifact));
  const own = manifests
    .flatMap(({ contents }) => Object.entries(contents.files ?? {}))
    .flatMap(([hash, { source }]) => (source.path ? [[hash, resolve(assembly.directory, source.path)] as const] : []));
  const inMetadata = assembly.stacks
    .flatMap(({ assets }) => assets.filter(isFileAsset))
    .map(({ sourceHash, path }) => [sourceHash, resolve(assembly.directory, path)] as const);
  const nested = assembly.nestedAssemblies.flatMap(({ nestedAssembly }) => assetFiles(nestedAssembly));
  return [...own, ...inMetadata, ...nested];
}

type Asset = CloudFormationStackArtifact['assets'][number];

function isFileAsset(asset: Asset): asset is Extract<Asset, { readonly s3KeyParameter: string }> {
  return asset.packaging === 'zip' || asset.packaging === 'file';
}
