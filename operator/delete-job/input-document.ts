import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';

/** DeleteJob's input, as far as a document gives it. */
export interface InputDocument {
  readonly jobId?: string;
  readonly force?: boolean;
  readonly namespaceId?: string;
}

const TYPES = { jobId: 'string', force: 'boolean', namespaceId: 'string' } as const;

/** Reads the value of `--cli-input-json` or `--cli-input-yaml`: the text itself, or a file's by `file://`. */
export function readInputDocument(option: string, value: string, format: 'json' | 'yaml'): InputDocument {
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
  for (const [key, given] of Object.entries(document)) {
    if (!Object.hasOwn(TYPES, key)) {
      throw new Error(`${option}: unknown key "${key}"; DeleteJob takes ${Object.keys(TYPES).join(', ')}.`);
    }
    const type = TYPES[key as keyof typeof TYPES];
    if (typeof given !== type) {
      throw new Error(`${option}: "${key}" must be a ${type}, but is ${JSON.stringify(given)}.`);
    }
  }
  return document;
}
