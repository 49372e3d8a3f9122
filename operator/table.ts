import type { Console, Output } from './console';
import { paint } from './progress';

/** Rows as lines: a table with headings on a terminal, plain lines elsewhere. */
export function tableLines(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  output: Output,
  { env }: Pick<Console, 'env'>,
): readonly string[] {
  if (!output.isTTY || rows.length === 0) {
    return rows.map((row) => row.join(' ').trimEnd());
  }
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((text, column) => text.padEnd(widths[column]!))
      .join('  ')
      .trimEnd();
  return [paint('bold', line(headings), output, env), ...rows.map(line)];
}
