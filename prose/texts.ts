import type { Nodes, Root } from 'mdast';
import { visit } from 'unist-util-visit';
import type { VFile } from 'vfile';

/** A paragraph, heading or cell of a table as a person reads it, or a message that a document quotes. */
export interface Text {
  readonly text: string;
  readonly node: Nodes;
}

/** Every text of a document. Inline code is one word, because nobody reads it aloud. */
export function textsOf(tree: Root): Text[] {
  const texts: Text[] = [];
  visit(tree, (node) => {
    switch (node.type) {
      case 'paragraph':
      case 'heading':
      case 'tableCell':
        texts.push({ text: spoken(node), node });
        return 'skip';
      case 'code':
        // A block without a language is a message, word for word: a line is one.
        if (!node.lang) {
          texts.push(...node.value.split('\n').map((text) => ({ text, node })));
        }
        return undefined;
      default:
        return undefined;
    }
  });
  return texts;
}

/** What jsii-docgen writes into every class. */
const GENERATED =
  /^(As a consequence, the class|Code will not create installations|It is safest to avoid using|Checks if `?x`?|Use this method instead)/;

/** The sentences of a text. */
export function sentencesOf(text: string): string[] {
  const segments = new Intl.Segmenter('en', { granularity: 'sentence' }).segment(text);
  return [...segments]
    .flatMap(({ segment }) => segment.trim().split(/(?<=[.!?]) (?=["'(])/))
    .filter((sentence) => !GENERATED.test(sentence));
}

/** How many words a sentence has. A command to paste is one, and so are a quotation and a name such as `a-b/c.d`. */
export function wordsIn(sentence: string): number {
  const withoutCommands = sentence
    .replace(/\b(aws|npx|npm) [a-z].*$/, 'command')
    .replaceAll(/("|')[^"]+\1(?=[ ,.:]|$)/g, 'quoted');
  return withoutCommands.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

/** Reports a fault of style, which the gate does not let pass. */
export function report(file: VFile, { node }: Text, rule: string, reason: string): void {
  file.message(reason, { place: node.position, ruleId: rule, source: 'prose' });
}

function spoken(node: Nodes): string {
  switch (node.type) {
    case 'text':
      return node.value.replaceAll('\n', ' ');
    case 'inlineCode':
      return 'Code';
    case 'break':
      return ' ';
    default:
      return 'children' in node ? node.children.map(spoken).join('') : '';
  }
}
