import { fastestScript, patientScript, sweepCommand } from './contenders/commands';
import { GOALS } from './goals';
import type { Results } from './results';
import { billTable, choiceTable, deletionTable, goalTable, handlerTable, synthTable } from './table';

/** The documents that have figures of the bench. */
export const DOCUMENTS: readonly string[] = ['docs/choosing.md', 'docs/measured.md'];

/** Those beside `sweep`, which delete no stack. */
const COMMANDS: ReadonlySet<string> = new Set([sweepCommand, fastestScript, patientScript].map(({ name }) => name));

/** What a document's `<!-- bench: NAME -->` stands before. */
const FIGURES: Readonly<Record<string, (results: Results) => string>> = {
  machine: ({ machine, date }) => `Measured on ${date.slice(0, 10)}: ${machine}.`,
  goals: (results) => goalTable(GOALS, results),
  deletions: ({ results }) => deletionTable(results.filter(({ contender }) => !COMMANDS.has(contender))),
  commands: ({ results }) => deletionTable(results.filter(({ contender }) => COMMANDS.has(contender))),
  fifty: ({ summaries }) =>
    choiceTable(summaries.filter(({ jobs, deletionSeconds }) => jobs === 50 && deletionSeconds === 10)),
  bill: ({ results }) => billTable(results),
  handlers: ({ handlers }) => handlerTable(handlers),
  synth: ({ synth }) => synthTable(synth),
};

const MARKED = /(<!-- bench: (?<name>\w+) -->\n)[^]*?(?=<!-- \/bench -->)/g;

/**
 * A document with the figures of these results between each `<!-- bench: NAME -->` and its `<!-- /bench -->`.
 *
 * @throws for a name that nothing is known by
 */
export function withFigures(document: string, results: Results): string {
  return document.replace(MARKED, (_, begin: string, name: string) => {
    const figures = FIGURES[name];
    if (!figures) {
      throw new Error(`No figures are called "${name}": ${Object.keys(FIGURES).join(', ')}.`);
    }
    return `${begin}\n${figures(results)}\n\n`;
  });
}
