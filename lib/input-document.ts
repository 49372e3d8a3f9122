import type { DeleteJobOverrides } from './delete-job-input';

/** DeleteJob's input, by the AWS CLI's names, and the types that it takes. */
const TYPES = { jobId: 'string', force: 'boolean', namespaceId: 'string' } as const;

/** Checks the keys of an input document and the types of their values. @throws Error that begins with where it is from */
export function checkedDocument(source: string, document: object): DeleteJobOverrides {
  for (const [key, value] of Object.entries(document)) {
    if (!Object.hasOwn(TYPES, key)) {
      throw new Error(`${source}: unknown key "${key}"; DeleteJob takes ${Object.keys(TYPES).join(', ')}.`);
    }
    const type = TYPES[key as keyof typeof TYPES];
    if (typeof value !== type) {
      throw new Error(`${source}: "${key}" must be a ${type}, but is ${JSON.stringify(value)}.`);
    }
  }
  return document;
}

/** A text without the byte order mark that editors and shells of Windows write, which JSON does not allow. */
export function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}
