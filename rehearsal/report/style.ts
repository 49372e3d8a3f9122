import { Markup } from './html';

/** The report's style sheet: light and dark, screen and paper. */
export const STYLE = new Markup(`
:root {
  --ground: #ffffff; --panel: #f5f7fa; --line: #d8dee6; --grid: #e8ecf1;
  --text: #17202b; --soft: #556372; --accent: #1f6fd1; --accent-text: #ffffff;
  --wait: #b86e00; --wait-ground: #fde9c8; --good: #157347; --bad: #b4232c; --operation: #dde6f2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #10151c; --panel: #1a222c; --line: #36424f; --grid: #232d38;
    --text: #e8edf3; --soft: #a3b1c0; --accent: #5aa2f5; --accent-text: #0b1420;
    --wait: #f0b04a; --wait-ground: #45341a; --good: #5fcf94; --bad: #ff8a8a; --operation: #2b3a4d;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1120px; padding: 2rem 1.5rem; background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; overflow-wrap: break-word; }
h1 { margin: 0 0 1.25rem; font-size: 1.6rem; line-height: 1.25; text-wrap: balance; }
h2 { margin: 2.25rem 0 .75rem; font-size: 1.15rem; }
.kind { margin: 0 0 .25rem; color: var(--soft); }
.good { color: var(--good); } .bad { color: var(--bad); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; margin: 0; }
.figures div { display: flex; flex-direction: column; padding: .8rem 1rem; border-radius: 10px; background: var(--panel); }
.figures dd { order: -1; margin: 0; font-size: 1.7rem; font-weight: 650; font-variant-numeric: tabular-nums; }
.figures dt { color: var(--soft); font-size: .9rem; }
.operations, .checks { margin: 0; padding-left: 1.6rem; }
.checks { padding: 0; list-style: none; columns: 20rem; }
.operations li::marker { color: var(--soft); font-variant-numeric: tabular-nums; }
.operations .name { display: inline-block; min-width: 15rem; max-width: 100%; color: var(--text); font-weight: 600; }
.operations .status { display: inline-block; min-width: 16rem; }
.operations .time { color: var(--soft); font-variant-numeric: tabular-nums; }
.operations .reason { display: block; color: var(--soft); font-size: .9rem; overflow-wrap: anywhere; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: 0 0 .75rem; padding: 0; list-style: none; color: var(--soft); }
.key { display: inline-block; width: 1.6rem; height: .8rem; margin-right: .5rem; border-radius: 2px; }
.key.life { height: 0; border-top: 2px solid var(--soft); vertical-align: middle; }
.key.waiting { border: 1px solid var(--wait);
  background: repeating-linear-gradient(135deg, var(--wait) 0 2px, var(--wait-ground) 2px 6px); }
.key.deleting { background: var(--accent); }
.key.gone { width: auto; height: auto; color: var(--good); font-weight: 700; }
.scroll { overflow-x: auto; border-radius: 6px; }
svg { display: block; width: 100%; min-width: 760px; height: auto; }
svg text { fill: var(--text); font-size: 12px; }
svg .heading { font-weight: 650; font-size: 13px; }
svg .note, svg .tick, svg .count, svg .lives, svg .limit-name { fill: var(--soft); }
svg .tick { text-anchor: middle; } svg .count, svg .job { text-anchor: end; }
svg .job { font-size: 11.5px; }
svg .grid { stroke: var(--grid); } svg .base { stroke: var(--line); }
svg .boundary { stroke: var(--line); stroke-dasharray: 2 3; }
svg .operation { fill: var(--operation); } svg .operation.bad { fill: none; stroke: var(--bad); stroke-width: 2; }
svg .operation-name { text-anchor: middle; font-weight: 600; white-space: pre; }
svg .waiting { fill: url(#hatch); stroke: var(--wait); stroke-width: .75; }
svg .hatch-ground { fill: var(--wait-ground); } svg .hatch-line { fill: var(--wait); }
svg .deleting { fill: var(--accent); }
svg .limit { stroke: var(--text); stroke-width: 1.5; stroke-dasharray: 6 4; } svg .limit-name { fill: var(--text); font-weight: 600; }
svg .life { stroke: var(--soft); stroke-width: 1.5; opacity: .55; }
svg .gone { fill: var(--good); font-weight: 700; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
th, td { padding: .35rem .75rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th:first-child { padding-left: 0; }
tbody th { font-weight: 500; overflow-wrap: anywhere; }
thead th { color: var(--soft); font-weight: 600; white-space: nowrap; }
td { overflow-wrap: anywhere; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
details { border-bottom: 1px solid var(--line); }
summary { padding: .5rem 0; cursor: pointer; font-weight: 550; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
footer { margin-top: 3rem; color: var(--soft); font-size: .9rem; }
@media print {
  body { max-width: none; padding: 0; font-size: 11pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .scroll { overflow: visible; } svg { min-width: 0; break-inside: avoid; } tr { break-inside: avoid; } h2 { break-after: avoid; }
}
`);
