import { LocalAws, type LocalAwsOptions } from '../local';

/** Runs something on an embedded AWS of its own, which ends with it. */
export async function onLocalAws<T>(options: LocalAwsOptions, run: (aws: LocalAws) => Promise<T>): Promise<T> {
  const aws = await LocalAws.start(options);
  try {
    return await run(aws);
  } finally {
    await aws.close();
  }
}
