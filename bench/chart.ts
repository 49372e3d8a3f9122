import { boundSeconds } from './contender';
import { isClean, type Summary } from './summary';

const PANEL = { width: 400, height: 330, left: 52, right: 12, top: 40, bottom: 44 };
const LEGEND = { row: 20, column: 249 };

/** Numbers at which an axis may have a line: each about three times the last. */
const TICKS = [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000];

/** Told apart by shape as well as by colour: Okabe and Ito's, which stand out on light and on dark. */
const STYLES = [
  { light: '#0072b2', dark: '#56b4e9', marker: 'M-4.5,0a4.5,4.5 0 1,0 9,0a4.5,4.5 0 1,0 -9,0Z' },
  { light: '#d55e00', dark: '#f0803c', marker: 'M-4,-4H4V4H-4Z' },
  { light: '#007a5a', dark: '#2fbf93', marker: 'M0,-5.5L5,4H-5Z' },
  { light: '#a8578a', dark: '#d98bbb', marker: 'M0,-5.5L5.5,0L0,5.5L-5.5,0Z' },
  { light: '#7d6a00', dark: '#d9bd2a', marker: 'M0,5.5L5,-4H-5Z' },
] as const;

const CROSS = 'M-4,-4L4,4M-4,4L4,-4';

/**
 * Wall time against the number of jobs, both in powers of ten, as an SVG with a panel for each deletion time.
 *
 * A line joins what a contender did in full; a cross is a time after which jobs were left behind. Nothing where there
 * is no curve to draw, because there is only one number of jobs.
 */
export function wallTimeChart(summaries: readonly Summary[]): string | undefined {
  const contenders = [...new Set(summaries.map(({ contender }) => contender))];
  const times = [...new Set(summaries.map(({ deletionSeconds }) => deletionSeconds))].filter(
    (time) => new Set(summaries.filter((each) => each.deletionSeconds === time).map(({ jobs }) => jobs)).size > 1,
  );
  if (times.length === 0) {
    return undefined;
  }
  const shown = summaries.filter(({ deletionSeconds }) => times.includes(deletionSeconds));
  const scales = scalesFor(shown);
  const panels = times.map((time, index) =>
    panel(
      shown.filter(({ deletionSeconds }) => deletionSeconds === time),
      { time, contenders, scales, left: index * PANEL.width },
    ),
  );
  const width = times.length * PANEL.width;
  const perRow = Math.floor(width / LEGEND.column);
  const entries = [...contenders.map(contenderKey), boundKey(), crossKey()];
  const height = PANEL.height + 16 + Math.ceil(entries.length / perRow) * LEGEND.row;
  const legend = entries.map((entry, index) => {
    const x = PANEL.left + (index % perRow) * LEGEND.column;
    return `<g transform="translate(${x} ${PANEL.height + 18 + Math.floor(index / perRow) * LEGEND.row})">${entry}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">
<title id="title">Wall time of deleting N jobs</title>
<desc id="description">${escaped(description(shown, times))}</desc>
<style>${styleSheet()}</style>
<rect class="paper" width="${width}" height="${height}" rx="6"/>
${[...panels, ...legend].join('\n')}
</svg>
`;
}

/** A logarithmic scale. */
interface Scale {
  readonly ticks: readonly number[];
  /** From 0 to 1. */
  position(value: number): number;
}

interface Scales {
  readonly jobs: Scale;
  readonly seconds: Scale;
}

function scalesFor(summaries: readonly Summary[]): Scales {
  const seconds = summaries.flatMap((summary) => [summary.wallSeconds, boundSeconds(summary)]);
  const jobs = summaries.map((summary) => summary.jobs);
  return {
    jobs: logScale(Math.min(1, ...jobs), Math.max(10, ...jobs), [1, 10, 50, 100, 250, 1000]),
    seconds: logScale(...outward(seconds), TICKS),
  };
}

/** The nearest ticks outside of the values. */
function outward(values: readonly number[]): [low: number, high: number] {
  const low = TICKS.findLast((tick) => tick <= Math.min(...values)) ?? TICKS[0]!;
  return [low, TICKS.find((tick) => tick >= Math.max(...values)) ?? TICKS.at(-1)!];
}

function logScale(low: number, high: number, ticks: readonly number[]): Scale {
  return {
    ticks: ticks.filter((tick) => tick >= low && tick <= high),
    position: (value) => Math.log(value / low) / Math.log(high / low),
  };
}

interface Panel {
  readonly time: number;
  readonly contenders: readonly string[];
  readonly scales: Scales;
  readonly left: number;
}

function panel(summaries: readonly Summary[], { time, contenders, scales, left }: Panel): string {
  const [plotLeft, plotRight] = [PANEL.left + 8, PANEL.width - PANEL.right - 8];
  const [plotTop, plotBottom] = [PANEL.top, PANEL.height - PANEL.bottom];
  const x = (jobs: number): number => round(plotLeft + scales.jobs.position(jobs) * (plotRight - plotLeft));
  const y = (seconds: number): number => round(plotBottom - scales.seconds.position(seconds) * (plotBottom - plotTop));

  const rows = scales.seconds.ticks.map(
    (tick) =>
      `<path class="grid" d="M${PANEL.left},${y(tick)}H${PANEL.width - PANEL.right}"/><text class="end" x="${PANEL.left - 6}" y="${y(tick) + 4}">${tick} s</text>`,
  );
  const columns = scales.jobs.ticks.map(
    (tick) => `<text class="middle" x="${x(tick)}" y="${plotBottom + 18}">${tick}</text>`,
  );
  const most = Math.max(...summaries.map(({ jobs }) => jobs));
  const bound = Array.from({ length: Math.ceil(most / 10) }, (_, step) => {
    const [first, last] = [step * 10 + 1, Math.min(most, (step + 1) * 10)];
    const seconds = y(boundSeconds({ jobs: last, deletionSeconds: time }));
    return `${x(first)},${seconds} ${x(last)},${seconds}`;
  });
  const series = contenders.map((contender, index) => {
    const own = summaries.filter((summary) => summary.contender === contender).toSorted((a, b) => a.jobs - b.jobs);
    const line = own.filter(isClean).map(({ jobs, wallSeconds }) => `${x(jobs)},${y(wallSeconds)}`);
    const markers = own.map((summary) => {
      const shape = isClean(summary)
        ? `class="s${index} fill" d="${style(index).marker}"`
        : `class="s${index} line" d="${CROSS}"`;
      return `<path ${shape} transform="translate(${x(summary.jobs)} ${y(summary.wallSeconds)})"/>`;
    });
    return `<polyline class="s${index} line" points="${line.join(' ')}"/>${markers.join('')}`;
  });
  return `<g transform="translate(${left} 0)">
<text class="head" x="${PANEL.left}" y="22">wall time, each job takes ${time} s to delete</text>
${rows.join('')}${columns.join('')}
<text class="middle" x="${(plotLeft + plotRight) / 2}" y="${PANEL.height - 6}">jobs in the stack</text>
<polyline class="bound" points="${bound.join(' ')}"/>
${series.join('\n')}
</g>`;
}

function contenderKey(contender: string, index: number): string {
  return `<path class="s${index} line" d="M0,0H22"/><path class="s${index} fill" d="${style(index).marker}" transform="translate(11 0)"/><text x="30" y="4">${escaped(contender)}</text>`;
}

function boundKey(): string {
  return '<path class="bound" d="M0,0H22"/><text x="30" y="4">bound: ⌈N/10⌉ × D</text>';
}

function crossKey(): string {
  return `<path class="cross" d="${CROSS}" transform="translate(11 0)"/><text x="30" y="4">ended, jobs left behind</text>`;
}

/** What the picture says, for those who don't see it. */
function description(summaries: readonly Summary[], times: readonly number[]): string {
  return times
    .map((time) => {
      const said = summaries
        .filter(({ deletionSeconds }) => deletionSeconds === time)
        .map((each) => {
          const rest = isClean(each) ? '' : ', jobs left behind';
          return `${each.contender}, ${each.jobs}: ${each.wallSeconds.toFixed(1)} s (bound ${boundSeconds(each)} s)${rest}`;
        });
      return `Jobs that take ${time} s to delete. ${said.join('; ')}.`;
    })
    .join(' ');
}

/** An image in a page follows the system's colour scheme, so paper and ink change together. */
function styleSheet(): string {
  return `text{font:12px system-ui,sans-serif}.head{font-weight:600;font-size:13px}.end{text-anchor:end}.middle{text-anchor:middle}
.line,.bound,.cross{fill:none;stroke-width:2}.bound{stroke-dasharray:5 4;stroke-width:1.5}
${colours('light', '#ffffff', '#1f2328', '#d8dee4')}
@media (prefers-color-scheme:dark){${colours('dark', '#0d1117', '#e6edf3', '#30363d')}}`;
}

/** Without variables, which not everything that shows SVG knows. */
function colours(scheme: 'light' | 'dark', paper: string, ink: string, faint: string): string {
  const series = STYLES.map(({ [scheme]: colour }, index) => {
    return `.line.s${index}{stroke:${colour}}.fill.s${index}{fill:${colour};stroke:${paper}}`;
  });
  return `text{fill:${ink}}.paper{fill:${paper}}.grid{stroke:${faint}}.bound,.cross{stroke:${ink}}${series.join('')}`;
}

function style(index: number): (typeof STYLES)[number] {
  return STYLES[index % STYLES.length]!;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
