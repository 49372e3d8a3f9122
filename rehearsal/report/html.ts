/** Markup, as opposed to text that has to be escaped. */
export class Markup {
  constructor(readonly source: string) {}
}

type Part = Markup | string | number | undefined | readonly Part[];

/** A template of markup. Whatever is put into it is escaped, unless it is markup itself; lists are put in one by one. */
export function html(source: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(source.map((text, i) => text + render(parts[i])).join(''));
}

function render(part: Part): string {
  if (part === undefined) {
    return '';
  }
  if (part instanceof Markup) {
    return part.source;
  }
  return typeof part === 'string' || typeof part === 'number' ? escape(String(part)) : part.map(render).join('');
}

function escape(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}
