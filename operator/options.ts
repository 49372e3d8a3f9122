import { requireUrl } from '../rehearsal/usage';
import type { AccountOptions } from './account';

/** Options of every command of the operator, for `parseArgs`. */
export const EVERYWHERE = {
  region: { type: 'string' },
  profile: { type: 'string' },
  'endpoint-url': { type: 'string' },
  json: { type: 'boolean', default: false },
  version: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Options of the commands that delete jobs. */
export const COMMON = {
  ...EVERYWHERE,
  force: { type: 'boolean' },
  'no-force': { type: 'boolean' },
  'cancel-first': { type: 'boolean', default: false },
  'namespace-id': { type: 'string' },
  timeout: { type: 'string' },
} as const;

/** What the shared options are called in `--help`. */
export const COMMON_USAGE = `  --timeout SECONDS           wait at most this long (3600)
  --region REGION             the jobs' region (AWS_REGION, AWS_DEFAULT_REGION, the profile's)
  --profile NAME              a profile of the AWS CLI (AWS_DEFAULT_PROFILE, AWS_PROFILE)
  --endpoint-url URL          an endpoint other than AWS's, such as http://localhost:4600
  --json                      the result as one JSON document on stdout
  --version                   print the version of this package
  -h, --help                  show this help
`;

/** The longest time that a command waits, in seconds: a day. */
export const LONGEST = 86_400;

/** Where, and as whom. @throws for a URL that is none */
export function accountOptions(values: {
  readonly region?: string;
  readonly profile?: string;
  readonly 'endpoint-url'?: string;
}): AccountOptions {
  const { region, profile, 'endpoint-url': endpointUrl } = values;
  requireUrl('--endpoint-url', endpointUrl);
  return { region, profile, endpointUrl };
}

/** `--force`, `--no-force`, or neither. @throws for both */
export function forceOption(values: { readonly force?: boolean; readonly 'no-force'?: boolean }): boolean | undefined {
  if (values.force && values['no-force']) {
    throw new Error('--force and --no-force exclude each other.');
  }
  return values.force ? true : values['no-force'] ? false : undefined;
}
