import { jobName, type JobRow, type Recording } from '../result';
import { html, type Markup } from './html';
import type { Timeline } from './timeline';

/** The operations in their order, and what they ended in. */
export function operationList({ operations }: Recording): Markup {
  return html`<ol class="operations">
    ${operations.map(
      ({ name, status, expected, reason, startedAt, endedAt }) =>
        html`<li class="${status === expected ? 'good' : 'bad'}">
          <span class="name">${name}</span>
          <span class="status">${status}</span>
          <span class="time">${seconds(endedAt - startedAt)}</span>
          ${reason === undefined ? undefined : html`<span class="reason">${reason}</span>`}
        </li>`,
    )}
  </ol>`;
}

/** A row for each life of a job id. */
export function jobTable(jobs: readonly JobRow[]): Markup {
  return table(
    'Each job in numbers',
    ['job', 'how it ended', 'waited', 'in deletion', 'DeleteJob calls', 'DescribeJob calls'],
    jobs.map((job) => [
      jobName(job),
      job.ended,
      seconds(job.waited),
      seconds(job.inDeletion),
      job.deleteJobCalls ?? '-',
      job.describeJobCalls ?? '-',
    ]),
    2,
  );
}

/** What should be true, and whether it was. */
export function checkList({ checks }: Recording): Markup {
  return html`<ul class="checks">
    ${checks.map(
      ({ what, holds }) =>
        html`<li class="${holds ? 'good' : 'bad'}">${holds ? '✓' : '✗'} ${what}${holds ? '' : ': not so'}</li>`,
    )}
  </ul>`;
}

/** How often each operation of AWS IoT ended how. */
export function callTable({ calls }: Recording): Markup {
  const operations = [...new Set(calls.map(({ operation }) => operation))].sort();
  const outcomes = [...new Set(calls.map(({ outcome }) => outcome))].sort((one, other) =>
    one === 'ok' ? -1 : other === 'ok' ? 1 : one.localeCompare(other),
  );
  const count = (operation: string, outcome: string): number =>
    calls.filter((call) => call.operation === operation && call.outcome === outcome).length;
  return table(
    'Calls to AWS IoT by outcome',
    ['operation', ...outcomes],
    operations.map((operation) => [operation, ...outcomes.map((outcome) => count(operation, outcome) || '–')]),
    1,
  );
}

/** The stack events of each operation, to be unfolded. */
export function eventTables({ events, operations }: Recording, { start }: Timeline): Markup[] {
  return operations.map(({ name, startedAt, endedAt }, index) => {
    const own = events.filter(({ time }) => time.getTime() >= startedAt && time.getTime() <= endedAt);
    const rows = own.map((event) => [
      seconds(event.time.getTime() - start),
      event.status,
      event.stackName,
      event.logicalId,
      event.type,
      event.reason ?? '',
    ]);
    const heading = `${index + 1} ${name}`;
    return html`<details>
      <summary>${heading}: ${own.length} events</summary>
      ${table(`Stack events of ${heading}`, ['at', 'status', 'stack', 'logical id', 'type', 'reason'], rows, 6)}
    </details>`;
  });
}

/** A time span for people. */
export function seconds(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '–' : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** A table whose columns from `numeric` on are numbers. */
function table(
  label: string,
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  numeric: number,
): Markup {
  const kind = (column: number): string => (column >= numeric ? 'number' : '');
  const cell = (value: string | number, column: number): Markup =>
    column === 0 ? html`<th scope="row">${value}</th>` : html`<td class="${kind(column)}">${statusOf(value)}</td>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
    <table>
      <thead>
        <tr>
          ${headings.map((heading, column) => html`<th scope="col" class="${kind(column)}">${heading}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map(cell)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** A status is coloured as consoles do it. */
function statusOf(value: string | number): Markup | string | number {
  if (typeof value !== 'string' || !/^[A-Z_]+_(COMPLETE|FAILED|IN_PROGRESS|SKIPPED)$/.test(value)) {
    return value;
  }
  const kind = value.endsWith('FAILED') ? 'bad' : value.endsWith('_COMPLETE') ? 'good' : '';
  return html`<span class="${kind}">${value}</span>`;
}
