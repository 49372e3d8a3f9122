import { isRecord, type Value } from './intrinsic-call';

const REFERENCE = /\{\{resolve:([a-z-]+):([^{}]*)\}\}/g;

/** What stands in the place of a dynamic reference. */
export type DynamicReference = (service: string, reference: string) => string;

/** Replaces the dynamic references, such as `{{resolve:ssm:/fleet/job}}`, in a value whose intrinsics are resolved. */
export function withoutDynamicReferences(value: Value, lookUp: DynamicReference): Value {
  if (typeof value === 'string') {
    return value.replace(REFERENCE, (_, service: string, reference: string) => lookUp(service, reference));
  }
  if (Array.isArray(value)) {
    return value.map((item) => withoutDynamicReferences(item, lookUp));
  }
  if (isRecord(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, withoutDynamicReferences(item, lookUp)]),
    );
  }
  return value;
}
