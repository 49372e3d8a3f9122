import { GOALS } from './goals';
import type { Results } from './results';
import { billTable, deletionTable, goalTable, handlerTable, synthTable } from './table';

/** What a document's `<!-- bench: NAME -->` stands before. */
const FIGURES: Readonly<Record<string, (results: Results) => string>> = {
  machine: ({ machine, date }) => `Measured on ${date.slice(0, 10)}: ${machine}.`,
  goals: (results) => goalTable(GOALS, results),
  deletions: ({ results }) => deletionTable(results),
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
