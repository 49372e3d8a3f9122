'use strict';

const { relative } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

/** The folders whose tests run processes or whole apps: a few lines of them take longer than any unit test. */
const SLOW = /^test\/(model|rehearsal|operator|e2e|docs|examples|integ|jest)\//;

/**
 * The order of a first run, such as a fresh clone's: jest takes the largest files for the slowest, and the one that is left to
 * a single worker in the end was among the smallest. Later runs know the seconds of each file.
 */
module.exports = class SlowFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const isSlow = ({ path, context }) => SLOW.test(relative(context.config.rootDir, path));
    const isFirstRun = sorted.every(({ duration }) => duration === undefined);
    return isFirstRun ? [...sorted.filter(isSlow), ...sorted.filter((test) => !isSlow(test))] : sorted;
  }
};
