import { shortened } from './failure';

/** What a service said, as part of a sentence. A response URL is a secret: no error that quotes one is passed on. */
export function said(error: unknown): string {
  const { name, message } = error as Error;
  return shortened(`${name}: ${message}`.replaceAll(/https:\/\/\S+/g, '(URL)'), 500).replace(/\.$/, '');
}
