import type { Root } from 'mdast';
import type { VFile } from 'vfile';
import { report, textsOf } from './texts';

/** What reads as if translated, and what to write instead. */
const PLAINER: readonly (readonly [RegExp, string])[] = [
  [/\bbut for\b/, 'except'],
  [/\bno more than\b/, 'at most'],
  [/\bas the case may be\b/, 'leave it out'],
  [/\b(may|must|should|can) go\b/, 'delete'],
  [/\bgoes? (with|after|before|afterwards|first) /, 'delete'],
  [/\b(is|are) no more\b|\bselected no more\b/, 'no longer'],
  [/\bnot (here|there) any more\b/, 'missing'],
  [/\b(is|are) borne\b/, 'retry'],
  [/\b(could|can)(not| not|'t) be mended\b/, "can't be fixed"],
  [/\bleaves? (a share|slots?) to others\b/, 'leaves slots for other callers'],
  [/\bwithout the looks\b/, 'without the polling entries'],
  [/\b(is|are) there for nothing\b/, 'is needed'],
  [/\bof yours\b/, 'your, or an arbitrary'],
  [/\bbe it\b/, 'whether'],
  [/\bis left of\b/, 'remains'],
  [/\bgo(es)? on\b/, 'continue'],
  [/\bwhat it names\b/, 'the reported problem'],
  [/\bgot no usable answer\b/, 'did not respond'],
  [/\bwalked through\b/, 'stubbed'],
  [/\bas (it|they) should be\b|\bshould live\b/, 'PASS, FAIL, or kept as expected'],
  [/\bfor hands\b/, 'by hand'],
  [/\bby hands\b/, 'by hand'],
  [/\bwins? over\b/, 'override'],
  [/\bthat is had\b|\bcan be had\b/, 'available'],
  [/\bhas nothing to do with\b/, 'other'],
  [/(^|\. )What (is|was|are|has|a|the|it|they|no|leaves|only|could) [^?]*$/, 'begin with who does it'],
];

/** Finds the words of the house style's table. */
export function plainWords() {
  return (tree: Root, file: VFile): void => {
    for (const text of textsOf(tree)) {
      if (text.node.type === 'heading') {
        continue;
      }
      for (const [pattern, plainer] of PLAINER) {
        const found = pattern.exec(text.text);
        if (found) {
          report(
            file,
            text,
            'plain-words',
            `"${found[0]}": write "${plainer}" instead, in: ${text.text.slice(0, 120)}`,
          );
        }
      }
    }
  };
}
