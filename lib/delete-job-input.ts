import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { checkedDocument, withoutMark } from './input-document';
import { ID_RULE, isValidId } from './job-id';
import { isLiteral, looksLookedUp } from './literal';
import { assertKeys, assertTypes } from './prop-types';

/**
 * What to delete: the input of AWS IoT's DeleteJob.
 *
 * @see https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteJob.html
 */
export interface DeleteJobRequest {
  /**
   * The job to delete: 1 to 64 characters of `[a-zA-Z0-9_-]`.
   *
   * A literal is checked at synth. A token, such as a parameter, is checked at deployment.
   */
  readonly jobId: string;

  /**
   * Delete the job even while it is active (`IN_PROGRESS` or `SCHEDULED`).
   *
   * A device that is executing the job can then neither read it nor report on it. Be sure that your devices recover
   * from that. Without `force` or `cancelFirst`, deleting an active job fails.
   *
   * @default false
   */
  readonly force?: boolean;

  /**
   * The namespace of a customer-managed job: 1 to 64 characters of `[a-zA-Z0-9_-]`.
   *
   * It is not part of the job's identity. If AWS IoT reports another namespace, the deletion fails. AWS calls the
   * parameter a public preview.
   *
   * @default - the namespace that AWS IoT reports
   */
  readonly namespaceId?: string;
}

/**
 * Values that override those of a file, as the AWS CLI's options override `--cli-input-json`.
 */
export interface DeleteJobOverrides {
  /**
   * The job to delete: 1 to 64 characters of `[a-zA-Z0-9_-]`.
   *
   * @default - the value in the file
   */
  readonly jobId?: string;

  /**
   * Delete the job even while it is active (`IN_PROGRESS` or `SCHEDULED`).
   *
   * @default - the value in the file
   */
  readonly force?: boolean;

  /**
   * The namespace of a customer-managed job: 1 to 64 characters of `[a-zA-Z0-9_-]`.
   *
   * @default - the value in the file
   */
  readonly namespaceId?: string;
}

/**
 * The AWS CLI's input document for `aws iot delete-job` (`--cli-input-json`, `--cli-input-yaml`), as props.
 *
 * @exampleMetadata fixture=library
 * @example
 * new JobDeletion(this, 'Teardown', DeleteJobInput.fromFile('delete-job.yaml'));
 */
export class DeleteJobInput {
  /**
   * Reads an input document: JSON from a `.json` file, YAML from a `.yaml` or `.yml` file.
   *
   * @param path the file, absolute or relative to the working directory
   * @param overrides values that override the file's
   * @throws if the file can't be read, or has an unknown key, a wrong type, or an ill-formed id: the error names both
   */
  public static fromFile(path: string, overrides: DeleteJobOverrides = {}): DeleteJobRequest {
    const where = 'DeleteJobInput.fromFile';
    assertTypes(where, { path, overrides }, { path: 'a string', overrides: 'an object' });
    assertKeys(where, 'override', overrides, OVERRIDES);
    assertTypes(where, overrides, OVERRIDES);
    return validated(path, { ...typed(path, read(path)), ...given(overrides) });
  }

  /**
   * Returns a JSON document to fill in, as `aws iot delete-job --generate-cli-skeleton` does.
   */
  public static skeleton(): string {
    return JSON.stringify({ jobId: '', force: true, namespaceId: '' }, undefined, 4);
  }

  private constructor() {}
}

function read(path: string): unknown {
  const extension = extname(path).toLowerCase();
  if (!['.json', '.yaml', '.yml'].includes(extension)) {
    throw new Error(`${path}: an input document is a .json, .yaml or .yml file, not "${extension}".`);
  }
  try {
    const text = readFileSync(path, 'utf8');
    return extension === '.json' ? JSON.parse(withoutMark(text)) : parseYaml(text);
  } catch (error) {
    throw new Error(`${path}: cannot be read as an input document: ${(error as Error).message}`, { cause: error });
  }
}

function typed(path: string, document: unknown): DeleteJobOverrides {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new Error(`${path}: an input document is an object such as ${JSON.stringify({ jobId: 'example-job-04' })}.`);
  }
  return checkedDocument(path, document);
}

/** What may be overridden: the construct that gets them checks their values, and may allow more. */
const OVERRIDES = { jobId: 'a string?', force: 'a boolean?', namespaceId: 'a string?' } as const;

/** Without the keys that are there but undefined: those override nothing. */
function given(overrides: DeleteJobOverrides): DeleteJobOverrides {
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
}

function validated(path: string, input: DeleteJobOverrides): DeleteJobRequest {
  const { jobId, namespaceId } = input;
  if (jobId === undefined) {
    throw new Error(`${path}: "jobId" is missing.`);
  }
  for (const [key, id] of Object.entries({ jobId, namespaceId })) {
    // A token is checked when it is deployed, and a dummy of a lookup by the construct that gets it.
    if (id !== undefined && isLiteral(id) && !looksLookedUp(id) && !isValidId(id)) {
      throw new Error(`${path}: "${key}" must be ${ID_RULE}, but is ${JSON.stringify(id)}.`);
    }
  }
  return { ...input, jobId };
}
