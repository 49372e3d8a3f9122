import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AxeResults } from 'axe-core';
import { chromium, type Page } from 'playwright-core';
import { CHROMIUM } from './chromium';
import { serveSite, siteFiles } from './site';

/** The telephone is in dark mode, the desktop in light mode. */
const LOOKS = [
  { width: 390, colorScheme: 'dark' },
  { width: 1280, colorScheme: 'light' },
] as const;
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const IDS_AND_LINKS = `({
  ids: Array.from(document.querySelectorAll('[id]'), ({ id }) => id),
  targets: Array.from(document.querySelectorAll('a[href]'), ({ href }) => href),
})`;

/** Opens every page of the site, looks at it as a telephone and a desktop would, and fails with all that is wrong. */
export async function checkSite(screenshots: string | undefined): Promise<void> {
  if (!existsSync(CHROMIUM)) {
    process.stdout.write(`SKIPPED: the check of the site in a browser, because ${CHROMIUM} is missing.\n`);
    return;
  }
  if (screenshots) {
    mkdirSync(screenshots, { recursive: true });
  }
  const paths = siteFiles().filter((file) => file.endsWith('.html') && file !== '404.html');
  const { server, url } = await serveSite(0);
  // Other hosts are not reached. A route would do as well, but it turns the browser's cache off.
  const args = ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];
  const browser = await chromium.launch({ executablePath: CHROMIUM, args });
  const faults: string[] = [];
  const anchors = new Map<string, ReadonlySet<string>>();
  const links: { readonly from: string; readonly to: string }[] = [];
  try {
    // One tab for all pages: each new one would be a new process. Colours that fade over would be judged halfway.
    const page = await browser.newPage({ reducedMotion: 'reduce' });
    let path = '';
    onFault(page, url, (fault) => faults.push(`${path}: ${fault}`));
    for (path of paths) {
      await page.goto(`${url}/${path}`, { waitUntil: 'load' });
      await page.evaluate(AXE);
      for (const look of LOOKS) {
        await show(page, look);
        const { ids, targets } = await page.evaluate<{ ids: string[]; targets: string[] }>(IDS_AND_LINKS);
        anchors.set(`/${path}`, new Set(ids));
        links.push(...targets.map((to) => ({ from: path, to })));
        faults.push(...(await faultsOf(page)).map((fault) => `${path} at ${look.width} px: ${fault}`));
        if (screenshots) {
          await page.screenshot({ path: join(screenshots, `${path.replaceAll('/', '-')}-${look.width}.png`) });
        }
      }
    }
  } finally {
    await browser.close();
    server.close();
  }
  faults.push(...deadLinks(url, links, anchors));
  if (faults.length > 0) {
    throw new Error([`The site has ${faults.length} faults:`, ...new Set(faults)].join('\n'));
  }
  process.stdout.write(`${paths.length} pages at ${LOOKS.map(({ width }) => width).join(' and ')} px: PASS\n`);
}

function onFault(page: Page, url: string, report: (fault: string) => void): void {
  page.on('pageerror', (error) => report(error.message));
  page.on('request', (request) => {
    if (/^https?:/.test(request.url()) && new URL(request.url()).origin !== url) {
      report(`a request left 127.0.0.1: ${request.url()}`);
    }
  });
  page.on('response', (response) => {
    if (!response.ok()) {
      report(`${response.status()} of ${response.url()}`);
    }
  });
}

/** Turns the page that is open into the telephone's or the desktop's, and waits until it has its colours. */
async function show(page: Page, { width, colorScheme }: (typeof LOOKS)[number]): Promise<void> {
  await page.setViewportSize({ width, height: 844 });
  await page.emulateMedia({ colorScheme });
  await page.waitForFunction(`document.documentElement.matches('.dark') === ${colorScheme === 'dark'}`);
}

/** Sideways scrolling, and what axe-core finds. */
async function faultsOf(page: Page): Promise<string[]> {
  const [wide, narrow] = await page.evaluate<[number, number]>('[document.documentElement.scrollWidth, innerWidth]');
  const { violations } = await page.evaluate<AxeResults>("axe.run({ resultTypes: ['violations'] })");
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
