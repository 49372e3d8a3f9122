import remarkGfm from 'remark-gfm';
import remarkValidateLinks from 'remark-validate-links';
import { plainWords } from './prose/plain-words.ts';
import { shortSentences } from './prose/short-sentences.ts';

/** The house style of what a person reads, and relative links with their anchors: `npm run prose`. */
export default {
  plugins: [remarkGfm, [remarkValidateLinks, { repository: false }], shortSentences, plainWords],
};
