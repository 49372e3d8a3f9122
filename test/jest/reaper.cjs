'use strict';

/** Ends a run's processes and removes its temp folder when the run is over, which held our standard input open. */

const { setTimeout: delay } = require('node:timers/promises');
const { remove } = require('./belongings.cjs');

// An interrupt at a terminal reaches the whole session; ours is a later end.
process.on('SIGINT', () => undefined);
process.stdin.on('end', () => void reap()).on('error', () => void reap());
process.stdin.resume();

/** Twice, because what has just been killed may have been writing. */
async function reap() {
  remove(process.argv[2]);
  await delay(200);
  remove(process.argv[2]);
  process.exit(0);
}
