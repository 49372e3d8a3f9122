import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { CHROMIUM } from '../../packaging/chromium';
import { reportPage } from '../../rehearsal/report/page';
import { timeline } from '../../rehearsal/report/timeline';
import { conclude, type Recording } from '../../rehearsal/result';

/** A teardown of so many jobs on ten slots, a second each. */
function recording(jobs: number): Recording {
  const ids = Array.from({ length: jobs }, (_, i) => `job-${String(i + 1).padStart(2, '0')}`);
  const begins = (i: number): number => 5_000 + Math.floor(i / 10) * 1_000;
  const event = { eventId: '', stackId: 's', stackName: 'Fleet', type: 'Custom::IoTJobDeletion' };
  return {
    operations: [
      { name: 'deploy', expected: 'CREATE_COMPLETE', status: 'CREATE_COMPLETE', startedAt: 0, endedAt: 4_000 },
      { name: 'destroy', expected: 'DELETE_COMPLETE', status: 'DELETE_COMPLETE', startedAt: 4_500, endedAt: 9_000 },
    ],
    checks: [{ what: 'all jobs are gone', holds: true }],
    events: ids.map((jobId) => ({
      ...event,
      time: new Date(4_600),
      logicalId: jobId,
      physicalId: jobId,
      status: 'DELETE_IN_PROGRESS',
    })),
    histories: [
      ...ids.map((jobId, i) => ({
        jobId,
        createdAt: 100,
        slotRefusals: 0,
        deletionStartedAt: begins(i),
        deletedAt: begins(i) + 1_000,
      })),
      { jobId: 'bystander', createdAt: 100, slotRefusals: 0 },
    ],
    calls: ids.map((jobId, i) => ({
      time: begins(i),
      accessKeyId: 'k',
      requestId: 'r',
      operation: 'DeleteJob',
      outcome: i === 3 ? 'LimitExceededException' : 'ok',
      jobId,
    })),
  };
}

const page = (given: Recording): string => reportPage(given, conclude(given));

test('ten jobs are in deletion at a time, the others wait, and one lives', () => {
  const { jobs, slots } = timeline(recording(30));
  expect(slots.map(({ use }) => use)).toEqual([
    [
      { time: 4_600, inDeletion: 0, waiting: 30 },
      { time: 5_000, inDeletion: 10, waiting: 20 },
      { time: 6_000, inDeletion: 10, waiting: 10 },
      { time: 7_000, inDeletion: 10, waiting: 0 },
      { time: 8_000, inDeletion: 0, waiting: 0 },
    ],
  ]);
  expect(jobs.at(-1)!.jobId).toBe('bystander');
});

test('a job id that is used again has a row for each of its lives, and the picture tells them apart', () => {
  const { histories, ...rest } = recording(1);
  const source = page({ ...rest, histories: [...histories, { jobId: 'job-01', createdAt: 7_000, slotRefusals: 0 }] });
  expect(source.match(/job-01( \(2\))?(?=<\/text>)/g)).toEqual(['job-01', 'job-01 (2)']);
});

test('each account and region has slots of its own, in the picture too', () => {
  const place = '111122223333/eu-west-1';
  const { histories, calls, ...rest } = recording(30);
  const elsewhere = histories.map((history, i) => (i % 3 === 0 ? { ...history, place } : history));
  const there = { ...rest, histories: elsewhere, calls };
  const { slots } = timeline(there);
  expect(slots.map((each) => [each.place, Math.max(...each.use.map(({ inDeletion }) => inDeletion))])).toEqual([
    [undefined, 7],
    [place, 4],
  ]);
  expect(page(there).match(/Deletion slots<\/text>/g)).toHaveLength(2);
  // Above its slots and above its jobs.
  expect(page(there).split(`>${place}</text>`)).toHaveLength(3);
  expect(page(there)).toContain(`job-01 in ${place}: in deletion from`);
});

test('the same id in another account and region is another job there, not the next life of the one here', () => {
  const { histories, ...rest } = recording(1);
  const there = { jobId: 'job-01', place: '111122223333/eu-west-1', createdAt: 7_000, slotRefusals: 0 };
  const source = page({ ...rest, histories: [...histories, there] });
  expect(source.match(/job-01( \(2\))?(?=<\/text>)/g)).toEqual(['job-01', 'job-01']);
});

test('whatever comes from outside is text', () => {
  const evil = `<script>alert("1")</script><img src=x onerror='alert(2)'>&`;
  const { operations, histories, events, calls } = recording(1);
  const source = page({
    operations: [...operations, { ...operations[1]!, name: evil, status: evil, reason: evil }],
    checks: [{ what: evil, holds: false }],
    events: [{ ...events[0]!, logicalId: evil, stackName: evil, type: evil, reason: evil }],
    histories: [...histories, { jobId: evil, createdAt: 0, slotRefusals: 0 }],
    calls: [...calls, { ...calls[0]!, operation: evil, outcome: evil }],
  });
  expect(source).not.toMatch(/<script|<img/);
  expect(source).toContain(
    '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&lt;img src=x onerror=&#39;alert(2)&#39;&gt;&amp;',
  );
});

test('a rehearsal without jobs has a page as well', () => {
  expect(page({ ...recording(0), histories: [], events: [] })).not.toMatch(/NaN|Infinity|undefined/);
});

const inChromium = existsSync(CHROMIUM) ? test : test.skip;

describe('the page', () => {
  let folder: string;
  let browser: Browser | undefined;
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'report-'));
    writeFileSync(join(folder, 'teardown.html'), page(recording(30)));
    if (existsSync(CHROMIUM)) {
      const quiet = ['quic', 'background-networking', 'component-update', 'sync', 'gpu'].map(
        (each) => `--disable-${each}`,
      );
      browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: ['--no-sandbox', '--no-first-run', ...quiet],
      });
    }
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => complaints.splice(0));

  async function open(colorScheme: 'light' | 'dark'): Promise<Page> {
    const opened = await browser!.newPage({ colorScheme, viewport: { width: 1180, height: 900 } });
    const address = pathToFileURL(join(folder, 'teardown.html')).href;
    opened.on('console', (message) => complaints.push(message.text()));
    opened.on('pageerror', (error) => complaints.push(error.message));
    opened.on('request', (request) => {
      if (![address, 'data:,'].includes(request.url())) {
        complaints.push(`requested ${request.url()}`);
      }
    });
    await opened.goto(address);
    return opened;
  }

  for (const scheme of ['light', 'dark'] as const) {
    inChromium(
      `has no fault that axe finds, asks for nothing and complains of nothing, ${scheme}, in Chromium`,
      async () => {
        const opened = await open(scheme);
        await opened.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))");
        await opened.evaluate(axe.source);
        const { violations, passes } = await opened.evaluate<axe.AxeResults>('axe.run()');
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
        expect(passes.map(({ id }) => id)).toEqual(expect.arrayContaining(['color-contrast', 'svg-img-alt']));
        expect(complaints).toEqual([]);
        const ground = await opened.evaluate('getComputedStyle(document.body).backgroundColor');
        expect(ground).toBe(scheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(16, 21, 28)');
        await opened.close();
      },
    );
  }

  inChromium('fits on a telephone, with long names, places and reasons, and without a fault, in Chromium', async () => {
    const long = 'x'.repeat(64);
    const { operations, histories, ...rest } = recording(12);
    const reason = `Job "${long}" is IN_PROGRESS. Wait until it ends: aws iot cancel-job --job-id ${long}`;
    const failed = { ...operations[1]!, name: `destroy ${long}${long}`, status: 'DELETE_FAILED', reason };
    const kept = { jobId: long, place: '111122223333/ap-southeast-1', createdAt: 100, slotRefusals: 0 };
    const given = { ...rest, operations: [operations[0]!, failed], histories: [...histories, kept] };
    for (const source of [page(recording(2)), page(given)]) {
      const opened = await open('light');
      await opened.setViewportSize({ width: 390, height: 844 });
      await opened.setContent(source);
      await opened.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))");
      const widths = await opened.evaluate('[document.documentElement.scrollWidth, innerWidth]');
      expect(widths).toEqual([390, 390]);
      await opened.evaluate(axe.source);
      const { violations } = await opened.evaluate<axe.AxeResults>('axe.run()');
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      await opened.close();
    }
  });

  inChromium('tells a screen reader what the picture shows, in Chromium', async () => {
    const opened = await open('light');
    const snapshot = await opened.locator('body').ariaSnapshot();
    expect(snapshot).toContain('heading "PASS: 30 jobs deleted and 1 kept, as expected." [level=1]');
    expect(snapshot).toContain('img "Stack operations, deletion slots and jobs over time"');
    expect(snapshot).toContain('rowheader "job-30"');
    const description = await opened.locator('svg > desc').textContent();
    expect(description).toContain(
      '30 of 31 jobs were deleted. At most 10 were in deletion at once, where the limit is 10',
    );
    expect(description).toContain('at most 30 waited for a slot');
    await opened.close();
  });

  inChromium('is worked with the keyboard alone, in Chromium', async () => {
    const opened = await open('light');
    const reached: string[] = [];
    for (let i = 0; i < 5; i++) {
      await opened.keyboard.press('Tab');
      reached.push(
        await opened.evaluate<string>(
          "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent",
        ),
      );
    }
    expect(reached).toEqual([
      'Picture of the jobs over time',
      'Each job in numbers',
      'Calls to AWS IoT by outcome',
      '1 deploy: 0 events',
      '2 destroy: 30 events',
    ]);
    const events = opened.getByRole('table').filter({ hasText: 'logical id' });
    expect(await events.count()).toBe(0);
    await opened.keyboard.press('Enter');
    expect(await events.getByRole('row').count()).toBe(31);
    await opened.close();
  });

  inChromium('fits on paper, in Chromium', async () => {
    const opened = await open('dark');
    await opened.emulateMedia({ media: 'print', colorScheme: 'light' });
    await opened.setViewportSize({ width: 720, height: 1000 });
    const overflow = await opened.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(overflow).toBe(0);
    await opened.close();
  });
});
