import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

const root = join(__dirname, '..');

/** Writes the licences of every package of which something is in the bundles: they must go where the bundles go. */
export function writeLicences(file: string, metafiles: readonly Metafile[]): void {
  writeFileSync(join(root, file), licences(packages(metafiles)));
}

/** The folders of the packages of which something is in the bundles. */
function packages(metafiles: readonly Metafile[]): string[] {
  const outputs = metafiles.flatMap((metafile) => Object.values(metafile.outputs));
  const inputs = outputs.flatMap((output) => Object.entries(output.inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const folders = used.flatMap(([path]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

/** Every text once, under the names of the packages that it belongs to. */
function licences(folders: readonly string[]): string {
  const byText = new Map<string, string[]>();
  for (const folder of folders) {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
      readonly [key: string]: string;
    };
    const files = readdirSync(join(root, folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file));
    const text = files.map((file) => readFileSync(join(root, folder, file), 'utf8').trim()).join('\n\n');
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version}, ${license}`]);
  }
  return [...byText]
    .map(([text, names]) => `${names.join('\n')}\n\n${text || 'Under the license of that name above or below.'}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`);
}
