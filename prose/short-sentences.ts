import type { Root } from 'mdast';
import type { VFile } from 'vfile';
import { report, sentencesOf, textsOf, wordsIn } from './texts';

const MOST_WORDS = 25;

/** Finds sentences that are too long. */
export function shortSentences() {
  return (tree: Root, file: VFile): void => {
    for (const text of textsOf(tree)) {
      for (const sentence of sentencesOf(text.text)) {
        const words = wordsIn(sentence);
        if (words > MOST_WORDS) {
          report(file, text, 'short-sentences', `${words} words, at most ${MOST_WORDS}: ${sentence}`);
        }
      }
    }
  };
}
