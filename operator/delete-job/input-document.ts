import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { parse as parseYaml } from 'yaml';
import type { DeleteJobOverrides } from '../../lib/delete-job-input';
import { checkedDocument, withoutMark } from '../../lib/input-document';

const FILE = 'file://';

/** Reads the value of `--cli-input-json` or `--cli-input-yaml`: the text itself, or a file's by `file://`. */
export function readInputDocument(option: string, value: string, format: 'json' | 'yaml'): DeleteJobOverrides {
  let document: unknown;
  try {
    const text = value.startsWith(FILE) ? readFileSync(expanded(value.slice(FILE.length)), 'utf8') : value;
    document = format === 'json' ? JSON.parse(withoutMark(text)) : parseYaml(text);
  } catch (error) {
    throw new Error(`${option} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new Error(`${option} takes an object such as ${JSON.stringify({ jobId: 'example-job-04' })}.`);
  }
  return checkedDocument(option, document);
}

/** Behind `file://` no shell expands the home folder and variables, so the AWS CLI does. */
function expanded(path: string): string {
  return path
    .replace(/^~(?=\/|$)/, process.env.HOME ?? homedir())
    .replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, plain?: string) => {
      return process.env[braced ?? plain ?? ''] ?? whole;
    });
}
