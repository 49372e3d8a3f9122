'use strict';

const { createRequire } = require('node:module');
const { default: Runtime } = require('jest-runtime');

/** They take a second to load, and have no state of a test's: each worker loads them once, not anew for each test file. */
const SHARED = /^(aws-cdk-lib|constructs|cdk-nag|cdk-nag-2|@cloud-copilot|asl-validator)(\/|$)/;

const load = createRequire(__filename);
const variables = { ...process.env };

/** How jest loads modules, but for the packages that a worker shares among its test files. */
module.exports = class SharingRuntime extends Runtime {
  constructor(...parameters) {
    super(...parameters);
    const [, environment] = parameters;
    // What a test sets in the environment, they see; the next test file does not.
    Object.keys(process.env).forEach((name) => delete process.env[name]);
    environment.global.process.env = Object.assign(process.env, variables);
  }

  requireModuleOrMock(from, name) {
    return SHARED.test(name) ? load(name) : super.requireModuleOrMock(from, name);
  }
};
