import type { Recording, Result } from '../result';
import { chart, SLOTS } from './chart';
import { html, type Markup } from './html';
import { STYLE } from './style';
import { callTable, checkList, eventTables, jobTable, operationList, seconds } from './tables';
import { timeline, type Timeline } from './timeline';

/** The report: one page that needs nothing else, neither a network nor a script. */
export function reportPage(recording: Recording, result: Result): string {
  const line = timeline(recording);
  const peak = Math.max(0, ...line.slots.flatMap(({ use }) => use).map(({ inDeletion }) => inDeletion));
  const longest = Math.max(0, ...result.jobs.map(({ waited = 0 }) => waited));
  const gone = line.jobs.filter(({ deletedAt }) => deletedAt !== undefined).length;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <meta name="color-scheme" content="light dark" />
        <title>Teardown: ${result.verdict}</title>
        <link rel="icon" href="data:," />
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <header>
          <p class="kind">
            Rehearsal of a teardown, ${new Date(line.start).toISOString().slice(0, 16).replace('T', ' ')} UTC
          </p>
          <h1 class="${result.verdict === 'PASS' ? 'good' : 'bad'}">${result.verdict}: ${result.reason}</h1>
          <dl class="figures">
            ${figure(`${gone} of ${line.jobs.length}`, 'jobs deleted')}
            ${figure(`${peak} of ${SLOTS}`, 'deletion slots in use at most')}
            ${figure(seconds(longest), 'the longest wait for a slot')}
            ${figure(seconds(line.end - line.start), 'from first to last')}
          </dl>
        </header>
        <main>
          <section>
            <h2>What was done</h2>
            ${operationList(recording)}
          </section>
          <section>
            <h2>What became of the jobs</h2>
            <ul class="legend" aria-label="Legend">
              <li><span class="key life"></span>lives</li>
              <li><span class="key waiting"></span>waiting: for the function, then for a slot</li>
              <li><span class="key deleting"></span>in deletion: holds one of the ${SLOTS} slots</li>
              <li><span class="key gone">✓</span>gone</li>
            </ul>
            <div class="scroll" tabindex="0" role="region" aria-label="Picture of the jobs over time">
              ${chart(line, 'Stack operations, deletion slots and jobs over time', description(line, peak))}
            </div>
          </section>
          ${section('Each job in numbers', jobTable(result.jobs))}
          ${recording.checks.length > 0 ? section('What was checked', checkList(recording)) : undefined}
          ${section('Calls to AWS IoT by outcome', callTable(recording))}
          ${section('Stack events', eventTables(recording, line))}
        </main>
        <footer>
          <p>Made by <code>cdk-iot-job-deletion</code> on the embedded AWS: nothing here was done to a real account.</p>
        </footer>
      </body>
    </html>`;
  return `${page.source}\n`;
}

function section(heading: string, content: Markup | readonly Markup[]): Markup {
  return html`<section>
    <h2>${heading}</h2>
    ${content}
  </section>`;
}

function figure(value: string, what: string): Markup {
  return html`<div>
    <dd>${value}</dd>
    <dt>${what}</dt>
  </div>`;
}

/** What the picture says, in a sentence or two; the table below it has all of the numbers. */
function description({ jobs, slots, operations }: Timeline, peak: number): string {
  const waiting = Math.max(0, ...slots.flatMap(({ use }) => use).map((each) => each.waiting));
  const gone = jobs.filter(({ deletedAt }) => deletedAt !== undefined).length;
  const places = slots.length > 1 ? ' (in one account and region)' : '';
  return (
    `During ${operations.map(({ name }) => name).join(', ')}, ${gone} of ${jobs.length} jobs were deleted. ` +
    `At most ${peak} were in deletion at once, where the limit is ${SLOTS}; at most ${waiting} waited for a slot${places}. ` +
    'The table that follows gives the times of each job.'
  );
}
