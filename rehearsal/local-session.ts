import { LocalAws, type LocalAwsOptions } from '../local';

/** Runs something on an embedded AWS of its own, which ends with it, and with Ctrl-C. */
export async function onLocalAws<T>(options: LocalAwsOptions, run: (aws: LocalAws) => Promise<T>): Promise<T> {
  const aws = await LocalAws.start(options);
  const interrupt = (signal: NodeJS.Signals): void => {
    void aws.close().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    return await run(aws);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await aws.close();
  }
}
