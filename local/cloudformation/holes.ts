import { createHash } from 'node:crypto';
import type { Value } from './intrinsic-call';

/**
 * A hole is a value that only an account knows: an attribute of a resource that is stubbed here, another app's export,
 * an SSM parameter or a secret. It is a mark inside a text, as CDK's tokens are, so that `Fn::Join` and `Fn::Sub` keep
 * the text around it, and exports, outputs and parameters pass it on.
 */
const HOLE = /\uE000([^\uE001\uE002]*)(?:\uE002([^\uE001]*))?\uE001/g;

/** What a hole's value is at most, so that it fits wherever an identifier may be. */
const VALUE_LENGTH = 40;

/** A hole by its origin, such as `Fleet.Rollout.jobId`; one hole equals only itself. */
export function hole(origin: string, variant?: string): string {
  const name = origin.replace(/["\\\uE000-\uE002]/g, "'");
  return `\uE000${name}${variant === undefined ? '' : `\uE002${digest(variant)}`}\uE001`;
}

/** The beginning of the ARN that a hole is, with the hole in the place of what is not known. */
export function arnHole(service: string, region: string, accountId: string, origin: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${hole(origin)}`;
}

/** Where the holes in a value come from, each origin once. */
export function originsOf(value: Value): readonly string[] {
  if (typeof value === 'string') {
    return [...new Set([...value.matchAll(HOLE)].map(([, origin]) => origin!))];
  }
  return typeof value === 'object' && value !== null
    ? [...new Set((Object.values(value) as Value[]).flatMap(originsOf))]
    : [];
}

/** Whether there is a hole in a value. */
export function hasHole(value: Value): boolean {
  return originsOf(value).length > 0;
}

/** What a function gives that fails because of a hole: another hole of the same origin. Undefined without a hole. */
export function derivedHole(functionName: string, argument: Value): string | undefined {
  const [origin] = originsOf(argument);
  return origin === undefined ? undefined : hole(origin, `${functionName} ${JSON.stringify(argument)}`);
}

/** The text for people. */
export function readable(text: string): string {
  return text.replace(HOLE, (_, origin: string) => `<${origin}>`);
}

/**
 * Puts a value into each hole of a text. It consists of letters, digits and hyphens, and is the same wherever the hole
 * is, unless the text has no room for it.
 */
export function filled(text: string, maxLength = Infinity): string {
  const holes = [...text.matchAll(HOLE)];
  const room = Math.floor((maxLength - text.replace(HOLE, '').length) / holes.length);
  return text.replace(HOLE, (mark, origin: string, variant?: string) => {
    const name = `stub-${origin.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '')}`;
    return shortened(variant === undefined ? name : `${name}-${variant}`, mark, Math.min(VALUE_LENGTH, room));
  });
}

function shortened(name: string, mark: string, length: number): string {
  if (name.length <= length) {
    return name;
  }
  const end = digest(mark);
  return length > 2 * end.length
    ? `${name.slice(0, length - end.length - 1)}-${end}`
    : end.slice(0, Math.max(1, length));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
