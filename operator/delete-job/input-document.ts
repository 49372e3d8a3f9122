import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import type { DeleteJobOverrides } from '../../lib/delete-job-input';
import { checkedDocument } from '../../lib/input-document';

/** Reads the value of `--cli-input-json` or `--cli-input-yaml`: the text itself, or a file's by `file://`. */
export function readInputDocument(option: string, value: string, format: 'json' | 'yaml'): DeleteJobOverrides {
  let document: unknown;
  try {
    const text = value.startsWith('file://') ? readFileSync(value.slice('file://'.length), 'utf8') : value;
    document = format === 'json' ? JSON.parse(text) : parseYaml(text);
  } catch (error) {
    throw new Error(`${option} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new Error(`${option} takes an object such as ${JSON.stringify({ jobId: 'example-job-04' })}.`);
  }
  return checkedDocument(option, document);
}
