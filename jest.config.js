/** @type {import('jest').Config} */
module.exports = {
  roots: [
    '<rootDir>/bench',
    '<rootDir>/lib',
    '<rootDir>/lambda',
    '<rootDir>/local',
    '<rootDir>/rehearsal',
    '<rootDir>/bin',
    '<rootDir>/test',
  ],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  collectCoverageFrom: ['lib/**/*.ts', 'lambda/**/*.ts', '!lambda/build.ts'],
  testTimeout: 60_000,
  coverageThreshold: { global: { lines: 95, branches: 95 } },
};
