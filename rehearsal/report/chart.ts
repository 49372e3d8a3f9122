import { jobName } from '../result';
import { html, type Markup } from './html';
import type { DeletionSlots, JobBar, SlotUse, Timeline } from './timeline';

/** AWS IoT's limit of jobs in DELETION_IN_PROGRESS. */
export const SLOTS = 10;

const WIDTH = 1040;
const LEFT = 196;
const RIGHT = 64;
const OPERATIONS = { top: 4, height: 26 };
/** One below the other, for each account and region that has jobs. */
const AREA = { top: 52, height: 150, gap: 24 };
const ROW = 17;

/** The picture: operations, slots and jobs above each other, on one axis of time. */
export function chart(line: Timeline, title: string, description: string): Markup {
  const scale = (WIDTH - LEFT - RIGHT) / Math.max(1, line.end - line.start);
  const x = (time: number): number =>
    round(LEFT + (Math.min(Math.max(time, line.start), line.end) - line.start) * scale);
  const jobsTop = AREA.top + line.slots.length * (AREA.height + AREA.gap) + 14;
  const rows = line.slots.flatMap(({ place }) => jobRows(place, line));
  const bottom = jobsTop + rows.length * ROW + 6;
  return html`<svg
    viewBox="0 0 ${WIDTH} ${bottom + 24}"
    role="img"
    aria-labelledby="picture-title"
    aria-describedby="picture-description"
  >
    <title id="picture-title">${title}</title>
    <desc id="picture-description">${description}</desc>
    <defs>
      <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="hatch-ground" width="6" height="6" />
        <rect class="hatch-line" width="2.5" height="6" />
      </pattern>
    </defs>
    ${axis(line, x, bottom)} ${operations(line, x, bottom)}
    ${line.slots.map((each, row) => slots(each, AREA.top + row * (AREA.height + AREA.gap), line.end, x))}
    <text class="heading" x="0" y="${jobsTop - 12}">Jobs</text>
    ${rows.map((draw, row) => draw(jobsTop + row * ROW, x))}
  </svg>`;
}

type X = (time: number) => number;
type Row = (top: number, x: X) => Markup;

function axis({ start, end }: Timeline, x: X, bottom: number): Markup {
  const seconds = (end - start) / 1000;
  const step = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600].find((each) => seconds / each <= 12) ?? 1800;
  const ticks = Array.from({ length: Math.floor(seconds / step) + 1 }, (_, i) => i * step);
  return html`<g aria-hidden="true">
    ${ticks.map((tick) => {
      const at = x(start + tick * 1000);
      return html`<line class="grid" x1="${at}" x2="${at}" y1="${AREA.top}" y2="${bottom}" /><text
          class="tick"
          x="${at}"
          y="${bottom + 17}"
        >
          ${tick} s
        </text>`;
    })}
  </g>`;
}

function operations({ operations: all }: Timeline, x: X, bottom: number): Markup {
  const { top, height } = OPERATIONS;
  return html`<g>
    <text class="heading" x="0" y="${top + 18}">Stack operations</text>
    ${all.map(({ name, status, expected, startedAt, endedAt }, index) => {
      const left = x(startedAt);
      const width = Math.max(3, round(x(endedAt) - left - 1));
      const long = `${index + 1}  ${name}`;
      const label = width > long.length * 6.6 + 8 ? long : width > 16 ? String(index + 1) : '';
      return html`<rect
          class="operation ${status === expected ? '' : 'bad'}"
          x="${left}"
          y="${top}"
          width="${width}"
          height="${height}"
          rx="4"
        >
          <title>${name}: ${status}</title> </rect
        ><text class="operation-name" x="${round(left + width / 2)}" y="${top + 17.5}">${label}</text
        ><line class="boundary" x1="${left}" x2="${left}" y1="${top + height}" y2="${bottom}" />`;
    })}
  </g>`;
}

function slots({ use, place }: DeletionSlots, top: number, end: number, x: X): Markup {
  const most = Math.max(SLOTS + 2, ...use.map(({ inDeletion, waiting }) => inDeletion + waiting));
  const base = top + AREA.height;
  const y = (count: number): number => round(base - (count / most) * AREA.height);
  const limit = y(SLOTS);
  const area = (upper: (each: SlotUse) => number): string => {
    const steps = use.map((each, i) => `V${y(upper(each))}H${x(use[i + 1]?.time ?? end)}`);
    return use.length > 0 ? `M${x(use[0]!.time)} ${base}${steps.join('')}V${base}Z` : '';
  };
  return html`<g>
    <text class="heading" x="0" y="${top + 14}">Deletion slots</text>
    <text class="note" x="0" y="${top + 31}">in deletion, and waiting</text>
    ${place === undefined ? undefined : html`<text class="note" x="0" y="${top + 48}">${place}</text>`}
    <path class="waiting" d="${area(({ inDeletion, waiting }) => inDeletion + waiting)}" />
    <path class="deleting" d="${area(({ inDeletion }) => inDeletion)}" />
    <line class="base" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${base}" y2="${base}" />
    <line class="limit" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${limit}" y2="${limit}" />
    <text class="limit-name" x="${WIDTH - RIGHT + 6}" y="${limit + 4}">limit ${SLOTS}</text>
    <text class="count" x="${LEFT - 8}" y="${base + 4}">0</text>
    <text class="count" x="${LEFT - 8}" y="${limit + 4}">${SLOTS}</text>
    ${most > SLOTS + 4 ? html`<text class="count" x="${LEFT - 8}" y="${top + 8}">${most}</text>` : undefined}
  </g>`;
}

/** The jobs of a place, below its name. */
function jobRows(place: string | undefined, line: Timeline): Row[] {
  const heading: Row = (top) => html`<text class="note" x="0" y="${top + 12}">${place}</text>`;
  const jobs = line.jobs.filter((job) => job.place === place);
  return [
    ...(place === undefined ? [] : [heading]),
    ...jobs.map(
      (job): Row =>
        (top, x) =>
          jobRow(job, top, line, x),
    ),
  ];
}

function jobRow(job: JobBar, top: number, { start, end }: Timeline, x: X): Markup {
  const middle = top + ROW / 2;
  const { jobId, life, createdAt, askedAt, deletionStartedAt, deletedAt } = job;
  const bar = (kind: string, from: number, to: number): Markup =>
    html`<rect
      class="${kind}"
      x="${x(from)}"
      y="${top + 2}"
      width="${Math.max(1, round(x(to) - x(from)))}"
      height="${ROW - 5}"
      rx="2"
    />`;
  const lived = askedAt ?? deletionStartedAt ?? end;
  return html`<g>
    <title>${sentence(job, start)}</title>
    <text class="job" x="${LEFT - 8}" y="${middle + 3.5}">${shortened(jobId)}${life > 1 ? ` (${life})` : ''}</text>
    <line class="life" x1="${x(createdAt)}" x2="${x(lived)}" y1="${middle - 0.5}" y2="${middle - 0.5}" />
    ${askedAt !== undefined && deletionStartedAt !== undefined ? bar('waiting', askedAt, deletionStartedAt) : undefined}
    ${deletionStartedAt !== undefined ? bar('deleting', deletionStartedAt, deletedAt ?? end) : undefined}
    ${
      deletedAt !== undefined
        ? html`<text class="gone" x="${x(deletedAt) + 4}" y="${middle + 4}">✓</text>`
        : html`<text class="lives" x="${WIDTH - RIGHT + 6}" y="${middle + 3.5}">lives</text>`
    }
  </g>`;
}

function sentence(job: JobBar, start: number): string {
  const { askedAt, deletionStartedAt, deletedAt } = job;
  const at = (time: number): string => `${((time - start) / 1000).toFixed(1)} s`;
  if (deletionStartedAt === undefined) {
    return `${jobName(job)} lives`;
  }
  const waited = askedAt === undefined ? '' : `waiting from ${at(askedAt)}, `;
  const gone = deletedAt === undefined ? 'not gone' : `gone at ${at(deletedAt)}`;
  return `${jobName(job)}: ${waited}in deletion from ${at(deletionStartedAt)}, ${gone}`;
}

function shortened(jobId: string): string {
  return jobId.length > 26 ? `${jobId.slice(0, 14)}…${jobId.slice(-11)}` : jobId;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
