import { existsSync } from 'node:fs';
import { posix } from 'node:path';

const REPOSITORY = 'https://github.com/cdk-iot-job-deletion/cdk-iot-job-deletion/blob/main';

/** Makes the links of the repository's Markdown right in the site. What the site does not have is on GitHub. */
export function siteLinks(isPage) {
  return (md) => {
    md.core.ruler.push('site-links', ({ tokens, env }) => {
      for (const token of tokens.flatMap(({ children }) => children ?? [])) {
        const href = token.type === 'link_open' ? token.attrGet('href') : undefined;
        if (!href || /^([a-z]+:|#|\/)/.test(href)) {
          continue;
        }
        const [path, hash = ''] = href.split(/(?=#)/);
        // VitePress names a page that is rewritten by its new name.
        const from = env.realPath ?? env.relativePath ?? '';
        const file = posix.normalize(posix.join(posix.dirname(from), path));
        if (file === 'README.md') {
          token.attrSet('href', `/${hash}`);
        } else if (!isPage(file) && existsSync(file)) {
          token.attrSet('href', `${REPOSITORY}/${file}${hash}`);
        }
      }
    });
  };
}

/** An empty heading of a column is a cell: a screen reader has nothing to announce there. */
export function emptyHeadings(md) {
  md.core.ruler.push('empty-headings', ({ tokens }) => {
    for (const [i, token] of tokens.entries()) {
      if (token.type === 'th_open' && tokens[i + 1].content === '') {
        token.tag = 'td';
        tokens[i + 2].tag = 'td';
      }
    }
  });
}
