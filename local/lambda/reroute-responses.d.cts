import type { request } from 'node:http';

/** `https.request`, with the requests to CloudFormation's response URLs sent to `target` by `http.request`. */
export function reroutedRequest(target: URL, httpsRequest: typeof request, httpRequest: typeof request): typeof request;
