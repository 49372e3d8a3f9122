import type { HandlerCost, SynthCost } from './cost';
import type { Result, Summary } from './summary';

/** A sweep in a large account. */
export interface LargeResult {
  /** By what the sweep selects. */
  readonly name: string;
  readonly strangers: number;
  readonly matches: number;
  /** Calls of AWS IoT before the first order. */
  readonly callsToFind: number;
  readonly left: number;
}

/** Everything that one run of the bench found: bench/results.json. */
export interface Results {
  readonly machine: string;
  /** When it ended, as ISO 8601 writes it. */
  readonly date: string;
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly handlers: readonly HandlerCost[];
  readonly synth: readonly SynthCost[];
  readonly summaries: readonly Summary[];
  readonly results: readonly Result[];
  readonly large: readonly LargeResult[];
}
