'use strict';

const { createRequire } = require('node:module');
const { default: Runtime } = require('jest-runtime');

/** They take a second to load, and have no state of a test's: each worker loads them once, not anew for each test file. */
const SHARED = /^(aws-cdk-lib|constructs|cdk-nag|cdk-nag-2|@cloud-copilot|asl-validator|@aws-cdk\/toolkit-lib)(\/|$)/;

/** The unit tests: their coverage counts. The others run the bundle, or a whole app, and counting slows them by a quarter. */
const COVERS = /\/test\/(lambda|lib)\//;

const load = createRequire(__filename);
const variables = { ...process.env };

/** How jest loads modules, but for the packages that a worker shares among its test files, and for whose coverage counts. */
module.exports = class SharingRuntime extends Runtime {
  constructor(config, environment, resolver, transformer, cacheFS, coverage, testPath, ...rest) {
    const collectCoverage = coverage.collectCoverage && COVERS.test(testPath);
    super(config, environment, resolver, transformer, cacheFS, { ...coverage, collectCoverage }, testPath, ...rest);
    // What a test sets in the environment, they see; the next test file does not.
    Object.keys(process.env).forEach((name) => delete process.env[name]);
    environment.global.process.env = Object.assign(process.env, variables);
  }

  requireModuleOrMock(from, name) {
    return SHARED.test(name) ? load(name) : super.requireModuleOrMock(from, name);
  }
};
