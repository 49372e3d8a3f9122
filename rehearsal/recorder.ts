import type { LocalAws } from '../local';
import type { Check, Operation, Recording } from './result';
import type { Terminal } from './terminal';
import type { StackEvent } from '../local';

/** Runs the operations of a rehearsal one after the other, tells of them, and remembers everything. */
export class Recorder {
  private readonly operations: Operation[] = [];
  private readonly checks: Check[] = [];
  private readonly events: StackEvent[] = [];

  constructor(
    private readonly aws: LocalAws,
    private readonly terminal: Terminal,
  ) {
    aws.cloudFormation.onEvent((event) => {
      this.events.push(event);
      terminal.event(event);
    });
  }

  /** Carries out a stack operation; answers whether it ended as expected. What CloudFormation refuses has ended, too. */
  async operate(
    name: string,
    expected: string,
    run: () => Promise<{ readonly status: string; readonly reason?: string }>,
  ): Promise<boolean> {
    this.terminal.heading(name);
    const startedAt = Date.now();
    const { status, reason } = await run().catch((error: Error) => ({ status: 'REFUSED', reason: error.message }));
    this.operations.push({ name, expected, status, reason, startedAt, endedAt: Date.now() });
    return status === expected;
  }

  /** States what should be true now, and whether it is. */
  check(what: string, holds: boolean): void {
    const check = { what, holds };
    this.checks.push(check);
    this.terminal.check(check);
  }

  /** Everything up to now, in other regions and accounts too if they are given with their names. */
  recording(elsewhere: ReadonlyMap<LocalAws['iot'], string | undefined> = new Map()): Recording {
    const { operations, checks, events, aws } = this;
    const everywhere = [...new Map([[aws.iot, undefined], ...elsewhere])];
    return {
      operations,
      checks,
      events,
      histories: everywhere.flatMap(([{ histories }, place]) => histories.map((history) => ({ ...history, place }))),
      calls: everywhere.flatMap(([{ calls }, place]) => calls.map((call) => ({ ...call, place }))),
    };
  }
}
