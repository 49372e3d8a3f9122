import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as axe from 'axe-core';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { CHROMIUM } from './chromium';
import { serveSite, siteFiles } from './site';

const WIDTHS = [390, 1280];
const IDS_AND_LINKS = `({
  ids: Array.from(document.querySelectorAll('[id]'), ({ id }) => id),
  targets: Array.from(document.querySelectorAll('a[href]'), ({ href }) => href),
})`;

/** Opens every page of the site as a telephone and a desktop would, in light and dark, and fails with all that is wrong. */
export async function checkSite(screenshots: string | undefined): Promise<void> {
  if (!existsSync(CHROMIUM)) {
    process.stdout.write(`SKIPPED: the check of the site in a browser, because ${CHROMIUM} is missing.\n`);
    return;
  }
  if (screenshots) {
    mkdirSync(screenshots, { recursive: true });
  }
  const pages = siteFiles().filter((file) => file.endsWith('.html') && file !== '404.html');
  const { server, url } = await serveSite(0);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  const faults: string[] = [];
  try {
    for (const width of WIDTHS) {
      const context = await browser.newContext({
        viewport: { width, height: 844 },
        // The telephone is in dark mode, the desktop in light mode.
        colorScheme: width === WIDTHS[0] ? 'dark' : 'light',
      });
      const anchors = new Map<string, ReadonlySet<string>>();
      const links: { readonly from: string; readonly to: string }[] = [];
      for (const page of pages) {
        const opened = await openPage(context, url, page);
        faults.push(
          ...opened.faults,
          ...(await faultsOf(opened.page)).map((fault) => `${page} at ${width} px: ${fault}`),
        );
        const { ids, targets } = await opened.page.evaluate<{ ids: string[]; targets: string[] }>(IDS_AND_LINKS);
        anchors.set(`/${page}`, new Set(ids));
        links.push(...targets.map((to) => ({ from: page, to })));
        if (screenshots) {
          await opened.page.screenshot({ path: join(screenshots, `${page.replaceAll('/', '-')}-${width}.png`) });
        }
        await opened.page.close();
      }
      faults.push(...deadLinks(url, links, anchors));
      await context.close();
    }
  } finally {
    await browser.close();
    server.close();
  }
  if (faults.length > 0) {
    throw new Error([`The site has ${faults.length} faults:`, ...new Set(faults)].join('\n'));
  }
  process.stdout.write(`${pages.length} pages at ${WIDTHS.join(' and ')} px: PASS\n`);
}

async function openPage(context: BrowserContext, url: string, path: string): Promise<{ page: Page; faults: string[] }> {
  const faults: string[] = [];
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(`${path}: ${error.message}`));
  page.on('response', (response) => {
    if (!response.ok()) {
      faults.push(`${path}: ${response.status()} of ${response.url()}`);
    }
  });
  await page.route(
    (address) => address.origin !== url,
    async (route) => {
      faults.push(`${path}: a request left 127.0.0.1: ${route.request().url()}`);
      await route.abort();
    },
  );
  await page.goto(`${url}/${path}`, { waitUntil: 'load' });
  return { page, faults };
}

/** Sideways scrolling, and what axe-core finds. */
async function faultsOf(page: Page): Promise<string[]> {
  const [wide, narrow] = await page.evaluate<[number, number]>('[document.documentElement.scrollWidth, innerWidth]');
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>("axe.run({ resultTypes: ['violations'] })");
  return [
    ...(wide > narrow ? [`scrolls sideways: ${wide} px`] : []),
    ...violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 200)} (${nodes.length})`),
  ];
}

/** Links to pages or headings of the site that do not exist. Other hosts are not asked. */
function deadLinks(
  url: string,
  links: readonly { readonly from: string; readonly to: string }[],
  anchors: ReadonlyMap<string, ReadonlySet<string>>,
): string[] {
  return links.flatMap(({ from, to }) => {
    const { origin, pathname, hash } = new URL(to);
    if (origin !== url) {
      return [];
    }
    const ids = anchors.get(pathname.endsWith('/') ? `${pathname}index.html` : pathname);
    if (!ids) {
      return [`${from}: dead link: ${pathname}`];
    }
    return hash === '' || ids.has(decodeURIComponent(hash.slice(1)))
      ? []
      : [`${from}: no such heading: ${pathname}${hash}`];
  });
}
