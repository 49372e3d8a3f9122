/** The lines of a text as a Markdown table has them: their cells. A line that is no row of one has none. */
export function markdownRows(text: string): string[][] {
  return text.split('\n').map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
