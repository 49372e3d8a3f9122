import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { CHROMIUM } from './chromium';
import { helpOnly } from './help';

helpOnly(`Usage: npm run docs:picture

Makes docs/teardown.png from the report of npm start -- --jobs 30. Needs Chromium: $CHROMIUM, or /usr/bin/chromium.
Fails if the text beside the picture, in the README and the guide, says other numbers than the picture.
`);

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const root = join(__dirname, '..');
  const folder = mkdtempSync(join(tmpdir(), 'picture-'));
  try {
    const report = join(folder, 'teardown.html');
    const options = ['rehearsal/main.ts', '--jobs', '30', '--report', report];
    execFileSync(process.execPath, ['--import', 'tsx', ...options], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await photograph(report, join(root, 'docs', 'teardown.png'));
    const [, gone, all, most] = /<dd>(\d+) of (\d+)<\/dd>[^]*?<dd>(\d+) of \d+<\/dd>/.exec(
      readFileSync(report, 'utf8'),
    )!;
    const text = `${gone} of ${all} jobs are deleted, at most ${most} at a time, and ${Number(all) - Number(gone)} are kept`;
    for (const page of ['README.md', 'docs/rehearse.md']) {
      if (!readFileSync(join(root, page), 'utf8').includes(text)) {
        throw new Error(`The picture's text in ${page} must say: ${text}`);
      }
    }
    process.stdout.write(`docs/teardown.png: ${text}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The page down to the end of the chart. The tables below it are for reading. */
async function photograph(report: string, picture: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ colorScheme: 'light', viewport: { width: 1180, height: 900 } });
    await page.goto(pathToFileURL(report).href);
    const chart = (await page.locator('.scroll').first().boundingBox())!;
    const clip = { x: 0, y: 0, width: 1180, height: Math.ceil(chart.y + chart.height + 16) };
    await page.screenshot({ path: picture, fullPage: true, clip });
  } finally {
    await browser.close();
  }
}
