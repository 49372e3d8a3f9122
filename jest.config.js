/** @type {import('jest').Config} */
module.exports = {
  roots: [
    '<rootDir>/bench',
    '<rootDir>/lib',
    '<rootDir>/lambda',
    '<rootDir>/local',
    '<rootDir>/rehearsal',
    '<rootDir>/bin',
    '<rootDir>/examples',
    '<rootDir>/test',
  ],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // The examples name the library as their readers would.
  moduleNameMapper: { '^cdk-iot-job-deletion$': '<rootDir>/lib' },
  transform: { '^.+\\.ts$': '@swc/jest' },
  collectCoverageFrom: ['lib/**/*.ts', 'lambda/**/*.ts', '!lambda/build.ts'],
  // Tests wait more than they compute: one worker for each processor, also where there are only two.
  maxWorkers: '100%',
  testTimeout: 120_000,
  coverageThreshold: { global: { lines: 95, branches: 95 } },
};
