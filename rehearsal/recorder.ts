import type { Account, LocalAws, StackEvent } from '../local';
import { failureSentence } from '../local/cloudformation/failure-sentence';
import { Interrupted, unlessAborted } from './interruption';
import type { Check, Operation, Recording } from './result';
import type { Terminal } from './terminal';

/** What an operation is, and what it should end in. */
export interface Planned extends Pick<Operation, 'name' | 'stack' | 'expected'> {
  /** What is told while it takes long, beside its name. */
  readonly progress?: () => string;
}

/** Runs the operations of a rehearsal one after the other, tells of them, and remembers everything. */
export class Recorder {
  private readonly operations: Operation[] = [];
  private readonly checks: Check[] = [];
  private readonly events: StackEvent[] = [];

  constructor(
    private readonly aws: LocalAws,
    private readonly terminal: Terminal,
    private readonly signal: AbortSignal,
    private readonly home: Account,
  ) {
    aws.cloudFormation.onEvent((event) => {
      this.events.push(event);
      terminal.event(event);
    });
  }

  /**
   * Carries out a stack operation. What CloudFormation refuses has ended, and so has what can't go on. `explain` may
   * say more about it before it is told.
   */
  async operate(
    { name, stack, expected, progress }: Planned,
    run: () => Promise<{
      readonly status: string;
      readonly reason?: string;
      readonly events?: readonly StackEvent[];
    }>,
    explain: (operation: Operation) => Operation = (operation) => operation,
  ): Promise<Operation> {
    const { terminal, signal, home } = this;
    terminal.heading(name);
    const { clock } = this.aws;
    const startedAt = clock.now();
    const what = (): string => [name, progress?.()].filter(Boolean).join(' ');
    const ended = await terminal.whileWaiting(what, unlessAborted(run(), signal)).catch((error: Error) => {
      if (error instanceof Interrupted) {
        throw error;
      }
      return { status: signal.aborted ? 'STOPPED' : 'REFUSED', reason: error.message, events: [] };
    });
    const { status } = ended;
    const reason = status === expected ? undefined : (failureSentence(ended.events ?? []) ?? ended.reason);
    const place = { account: home.accountId, region: home.region };
    const ends = { startedAt, endedAt: clock.now() };
    const operation = explain({ name, stack, ...place, expected, status, reason, ...ends });
    this.operations.push(operation);
    return operation;
  }

  /** Says what was found, and whether that is what should be. */
  check(what: string, holds: boolean): void {
    const check = { what, holds };
    this.checks.push(check);
    this.terminal.check(check);
  }

  /**
   * Everything up to now; of AWS IoT of other regions and accounts too, if they are given with their names. Where there
   * are several homes, each has its name.
   */
  recording(
    iots: ReadonlyMap<LocalAws['iot'], string | undefined> = new Map([[this.aws.iot, undefined]]),
    hasHome = true,
  ): Recording {
    const { operations, checks, events, home } = this;
    return {
      operations,
      checks,
      events,
      histories: [...iots].flatMap(([{ histories }, place]) => histories.map((history) => ({ ...history, place }))),
      calls: [...iots].flatMap(([{ calls }, place]) => calls.map((call) => ({ ...call, place }))),
      home: hasHome ? `${home.accountId}/${home.region}` : undefined,
    };
  }
}
