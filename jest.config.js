/** Options that leave out no test. With any other argument only a part of the tests runs, and its coverage says nothing. */
const ALL = /^--(ci|coverage|json|silent|verbose|colors?|(outputFile|maxWorkers|seed|reporters)=.*)$/;
const everyTest = process.argv.slice(2).every((argument) => ALL.test(argument));

/** @type {import('jest').Config} */
module.exports = {
  roots: [
    '<rootDir>/bench',
    '<rootDir>/lib',
    '<rootDir>/lambda',
    '<rootDir>/local',
    '<rootDir>/operator',
    '<rootDir>/rehearsal',
    '<rootDir>/bin',
    '<rootDir>/examples',
    '<rootDir>/test',
  ],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // The examples name the library as their readers would.
  moduleNameMapper: { '^cdk-iot-job-deletion$': '<rootDir>/lib' },
  runtime: '<rootDir>/test/jest/runtime.cjs',
  testSequencer: '<rootDir>/test/jest/sequencer.cjs',
  transform: { '^.+\\.ts$': '@swc/jest' },
  // In jest's own default, the temp folder, it would be left behind.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  globalSetup: '<rootDir>/test/jest/global-setup.ts',
  globalTeardown: '<rootDir>/test/jest/global-teardown.ts',
  reporters: ['default', '<rootDir>/test/jest/slowest-files.cjs'],
  collectCoverage: everyTest,
  collectCoverageFrom: ['lib/**/*.ts', 'lambda/**/*.ts', '!lambda/build.ts'],
  coverageThreshold: everyTest ? { global: { lines: 95, branches: 95 } } : undefined,
  // Tests wait more than they compute: one worker for each processor, also where there are only two.
  maxWorkers: '100%',
  testTimeout: 120_000,
};
