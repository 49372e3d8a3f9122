import { createHash } from 'node:crypto';

/** So many characters stand for a job id where many must fit: 48 bits. */
export const HASH_LENGTH = 8;

/** What stands for a job id where many must fit: 8 base64url characters of its SHA-256. */
export function jobHash(jobId: string): string {
  return createHash('sha256').update(jobId).digest('base64url').slice(0, HASH_LENGTH);
}

/** The hashes that stand one behind the other. */
export function hashesIn(text = ''): readonly string[] {
  return text.match(new RegExp(`.{${HASH_LENGTH}}`, 'g')) ?? [];
}
