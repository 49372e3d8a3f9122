import { version } from '../../rehearsal/version';
import { type Plan, type PlanVerdict, verdictOf } from './plan';

/** Changes when a reader of the document would have to. */
const FORMAT = 1;

/** Who asked: as STS says. */
export interface Identity {
  readonly account: string;
  readonly arn: string;
}

/** A plan as the one JSON document that `--json` prints. */
export function planDocument(plan: Plan, identity: Identity): string {
  return text({ verdict: verdictOf(plan), identity, ...plan });
}

/** The document of a command that ended without a plan. */
export function planErrorDocument(reason: string): string {
  return text({ verdict: 'ERROR', reason });
}

function text(content: { readonly verdict: PlanVerdict | 'ERROR' } & Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify({ format: FORMAT, version: version(), command: 'plan', ...content }, undefined, 2)}\n`;
}
