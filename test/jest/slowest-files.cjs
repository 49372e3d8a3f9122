'use strict';

const { relative } = require('node:path');

const SHOWN = 10;

/** Ends a run with its slowest test files, so that a test that has become slow is seen. */
module.exports = class SlowestFiles {
  constructor(globalConfig) {
    this.rootDir = globalConfig.rootDir;
  }

  onRunComplete(_contexts, { testResults }) {
    if (testResults.length <= SHOWN) {
      return;
    }
    const files = testResults.map(({ testFilePath, perfStats }) => [testFilePath, perfStats.runtime / 1000]);
    const slowest = files.sort(([, one], [, other]) => other - one).slice(0, SHOWN);
    const lines = slowest.map(
      ([path, seconds]) => `${seconds.toFixed(1).padStart(7)} s  ${relative(this.rootDir, path)}`,
    );
    process.stderr.write(`\nThe ${SHOWN} slowest files:\n${lines.join('\n')}\n`);
  }
};
