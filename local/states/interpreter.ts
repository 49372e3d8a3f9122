import './promise-with-resolvers';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Library from 'aws-local-stepfunctions';
import type { Clock } from '../clock';

/** The library that interprets the Amazon States Language. */
export type Interpreter = typeof Library;

/** What the interpreter takes from the world around it. */
export interface InterpreterOptions {
  readonly clock: Clock;
  /** What jitter is drawn with: a number from 0 to 1. */
  readonly random: () => number;
}

/** The names that the library finds in our scope instead of the machine's. */
const SCOPE = ['require', 'module', 'exports', 'setTimeout', 'clearTimeout', 'Date', 'Math'] as const;

/** Node's timers hold no more: 24 days. Whatever is due later than that never comes. */
const LONGEST_TIMER = 2 ** 31 - 1;

let program: ((...scope: unknown[]) => void) | undefined;

/**
 * Loads the library with the clock's time instead of the machine's, because its overrides can change the pauses of Wait
 * and Retry, but neither who waits for them nor the timeouts of tasks and machines.
 */
export function interpreterOn({ clock, random }: InterpreterOptions): Interpreter {
  const module = { exports: {} };
  const { setTimeout, clearTimeout, Date } = timeOf(clock);
  program ??= compile();
  program(requireForLibrary, module, module.exports, setTimeout, clearTimeout, Date, mathWith(random));
  return module.exports as Interpreter;
}

/** Tasks run on our Lambda, so the library needs no client for another one. */
function requireForLibrary(id: string): unknown {
  return id.startsWith('@aws-sdk/') ? {} : createRequire(libraryFile())(id);
}

/** The library itself, or its copy beside the published bundle. */
function libraryFile(): string {
  const { resolve } = createRequire(__filename);
  try {
    return resolve(join(__dirname, 'states-language.cjs'));
  } catch {
    return resolve('aws-local-stepfunctions');
  }
}

function compile(): (...scope: unknown[]) => void {
  const source = readFileSync(libraryFile(), 'utf8');
  // A function of this realm: the library tells plain objects by their prototype.
  // oxlint-disable-next-line typescript/no-implied-eval
  return new Function(...SCOPE, `${source}\n//# sourceURL=aws-local-stepfunctions`) as (...scope: unknown[]) => void;
}

function timeOf(clock: Clock): {
  readonly setTimeout: (callback: () => void, milliseconds: number) => AbortController;
  readonly clearTimeout: (timer?: AbortController) => void;
  readonly Date: DateConstructor;
} {
  return {
    setTimeout: (callback, milliseconds) => {
      const timer = new AbortController();
      if (milliseconds <= LONGEST_TIMER) {
        // It rejects when the timer is cleared, or the clock closed: then nothing is to be done any more.
        clock.sleep(Math.max(0, milliseconds), timer.signal).then(callback, () => undefined);
      }
      return timer;
    },
    // A reason of its own: an AbortError with its stack would be made for each timer, and nobody looks at it.
    clearTimeout: (timer) => timer?.abort('cleared'),
    Date: class extends Date {
      constructor(...given: [number]) {
        super(...((given as unknown[]).length === 0 ? ([clock.now()] as const) : given));
      }

      static override now(): number {
        return clock.now();
      }
    } as unknown as DateConstructor,
  };
}

function mathWith(random: () => number): Math {
  return Object.create(Math, { random: { value: random } }) as Math;
}
