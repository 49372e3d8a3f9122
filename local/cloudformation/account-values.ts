import type { DynamicReference } from './dynamic-references';
import { hole } from './holes';

/** The SSM parameters of an account in a region, and what stands for the values that only the account knows. */
export interface AccountValues {
  /** The value of an SSM parameter by its name; a hole where it is another app's. */
  ssmParameter(name: string): string;
  readonly dynamicReference: DynamicReference;
}

/** @param lenient whether what is not here is a hole; otherwise it is an error */
export function accountValues(parameters: ReadonlyMap<string, string>, lenient: boolean): AccountValues {
  const unknown = (origin: string, message: string): string => {
    if (!lenient) {
      throw new Error(message);
    }
    return hole(origin);
  };
  const ssmParameter = (name: string): string =>
    parameters.get(name) ??
    bootstrapVersion(name) ??
    unknown(`ssm ${name}`, `Unable to fetch parameters [${name}] from parameter store for this account.`);
  return {
    ssmParameter,
    dynamicReference: (service, reference) => {
      if (service === 'ssm') {
        return ssmParameter(reference.replace(/:\d+$/, ''));
      }
      const message = `Template error: dynamic references to ${service} are not available here: ${reference}`;
      return unknown(`${service} ${reference}`, message);
    },
  };
}

/** The embedded AWS needs no bootstrap stack; to the templates that ask, it has one of a version that suits all. */
function bootstrapVersion(name: string): string | undefined {
  return /^\/cdk-bootstrap\/[^/]+\/version$/.test(name) ? '30' : undefined;
}
