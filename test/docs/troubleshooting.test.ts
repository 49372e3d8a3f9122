import { readFileSync } from 'node:fs';
import type { Left } from '../../lambda/deletion/left';
import type { Obstacle } from '../../lambda/deletion/obstacle';
import { messages } from '../../lambda/words/messages';
import {
  type Attempt,
  holding,
  kept,
  keptForOthers,
  notDeleted,
  unavailableForLong,
} from '../../lambda/words/not-deleted';
import type { Subject } from '../../lambda/words/subject';

/** A value that the reader's message has in its place. */
const VALUE = '…';
const value = VALUE as never;
const many: Subject = { place: {}, home: { partition: 'aws', region: VALUE, account: VALUE } };
const one: Subject = { ...many, jobId: VALUE };
const obstacle: Obstacle = { kind: 'denied', action: VALUE, resource: VALUE, role: VALUE, said: VALUE };

/** Each message, with as many values as it takes. */
const SAID: Readonly<Record<keyof typeof messages, readonly string[]>> = {
  outsidePatterns: [messages.outsidePatterns(VALUE, [VALUE])],
  outsidePlaces: [messages.outsidePlaces('Region', VALUE, [VALUE])],
  tooMany: [messages.tooMany(many, value, value)],
  // The limit is in the page as a number.
  tooManyNames: [messages.tooManyNames(value, 100)],
  selectionTooLong: [messages.selectionTooLong(value, value)],
  selectsEverything: [messages.selectsEverything()],
  unavailable: [messages.unavailable(obstacle, many)],
  refusal: (['denied', 'refused'] as const).map((kind) => messages.refusal({ ...obstacle, kind }, VALUE)),
  rolledBackMeanwhile: [messages.rolledBackMeanwhile(one, [VALUE])],
  unclear: [messages.unclear(one, [VALUE])],
  stale: [messages.stale(one, VALUE)],
  before: [messages.before(one, VALUE)],
  keptOnRollback: ['the stack is …', 'the stack was never deployed'].map((why) => messages.keptOnRollback(VALUE, why)),
  keptForOther: [messages.keptForOther(VALUE, VALUE)],
  unreadableClaim: [messages.unreadableClaim(one, VALUE)],
  malformed: [messages.malformed(VALUE, VALUE, VALUE)],
  missingJobId: [messages.missingJobId()],
  unknownFormat: [messages.unknownFormat(VALUE).replace(`"${VALUE}"`, VALUE)],
  unknownProperty: [messages.unknownProperty(VALUE)],
  foreignStack: [messages.foreignStack(VALUE, VALUE, VALUE)],
  untagged: [messages.untagged(VALUE, VALUE)],
  tooLate: [messages.tooLate(value, many)],
  notCounted: [messages.notCounted(value, value, many)],
  lookedInVain: [messages.lookedInVain(many)],
  noWaiter: [messages.noWaiter(obstacle, many)],
  tooManyLooks: [messages.tooManyLooks(value, many)],
  unexpected: [messages.unexpected(new TypeError()).replace('TypeError:', VALUE)],
};

/** Each reason for which a job is left. */
const LEFT: Readonly<Record<Exclude<Left['kind'], 'obstacle'>, Left>> = {
  active: { kind: 'active', status: VALUE },
  'other namespace': { kind: 'other namespace', actual: VALUE },
  'outside patterns': { kind: 'outside patterns', patterns: [VALUE] },
  reserved: { kind: 'reserved', namespaceId: VALUE },
  untagged: { kind: 'untagged', tag: VALUE },
  'executions in progress': { kind: 'executions in progress', count: value },
  'cancellation in progress': { kind: 'cancellation in progress' },
  'in deletion': { kind: 'in deletion' },
  status: { kind: 'status', status: VALUE },
  'no slot': { kind: 'no slot' },
  'not tried': { kind: 'not tried' },
};
const OBSTACLES: Readonly<Record<Obstacle['kind'], true>> = {
  'no slot': true,
  'job concurrency': true,
  throttled: true,
  unavailable: true,
  denied: true,
  refused: true,
};

const attempt: Attempt = { ...many, namespaceId: VALUE, timeoutSeconds: value, found: value, neededSeconds: 0 };
const left: readonly Left[] = [
  ...Object.values(LEFT),
  ...Object.keys(OBSTACLES).map((kind) => ({
    kind: 'obstacle' as const,
    obstacle: { ...obstacle, kind: kind as Obstacle['kind'] },
  })),
];
const failures = [
  ...Object.values(SAID).flat(),
  ...left.map((why) => holding(attempt, why)),
  notDeleted(attempt, []),
  // Behind the reasons stands how long it would take.
  notDeleted({ ...attempt, found: 0, neededSeconds: 60, timeoutSeconds: 0 }, [
    { why: LEFT['in deletion'], count: 1, named: [] },
  ])
    .split('. ')
    .find((sentence) => sentence.includes('jobs at a time'))!
    .replaceAll(/\b[01](?= (jobs take|minutes))/g, VALUE)
    .concat('.'),
  unavailableForLong({ ...attempt, jobId: VALUE }, VALUE, VALUE),
  ...[LEFT.reserved, LEFT.untagged].map((why) => kept([{ why, count: 1, named: [VALUE] }])),
  keptForOthers([VALUE])!,
];

const markdown = readFileSync('docs/troubleshooting.md', 'utf8');
const page = markdown.replaceAll(/\s+/g, ' ');

test.each(failures.map((message) => [gistOf(message)] as const))('the page has: %s', (gist) => {
  expect(gist.split(' ').length).toBeGreaterThan(1);
  expect(page.includes(gist)).toBe(true);
});

const quoted = [...markdown.matchAll(/^\| `([^`]+)` \|/gm)].map(([, text]) => text!);

test.each(quoted)('the handler says: %s', (text) => {
  const parts = text.split(/"?…"?/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  const pattern = new RegExp(parts.join('.*'));
  expect(failures.some((message) => pattern.test(message))).toBe(true);
});

/** Words to search for: the most words in a row of the first sentence, without values. What to do stands after it. */
function gistOf(message: string): string {
  const [sentence = ''] = message.split(/\. (?=[A-Z])|\.$/);
  const parts = sentence
    .split(/(?:Job )?"?…"?(?: seconds)?/)
    .map((part) => part.replaceAll(/^[ ).:,]+|[ (.:,]+$/g, ''));
  return parts.toSorted((part, other) => other.length - part.length)[0]!;
}
