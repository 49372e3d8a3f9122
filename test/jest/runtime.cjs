'use strict';

const { createRequire } = require('node:module');
const { sep } = require('node:path');
const { default: Runtime } = require('jest-runtime');

/** They take a second to load, and have no state of a test's: each worker loads them once, not anew for each test file. */
const CONSTRUCTS = /^(aws-cdk-lib|constructs|cdk-nag|cdk-nag-2)(\/|$)/;
const CLIENTS = /^(@aws-sdk|@smithy|@cloud-copilot)\//;

/** Replaces the timers of its own realm, which clients of another would not see. */
const FAKES_TIMERS = `${sep}test${sep}model${sep}`;

const load = createRequire(__filename);
const variables = { ...process.env };

/** How jest loads modules, but for the packages that a worker shares among its test files. */
module.exports = class SharingRuntime extends Runtime {
  constructor(...parameters) {
    super(...parameters);
    const [, environment, , , , , testPath] = parameters;
    this.shared = testPath.includes(FAKES_TIMERS) ? [CONSTRUCTS] : [CONSTRUCTS, CLIENTS];
    // A test is in a realm of its own: what a client answers is to be of a class that it knows.
    environment.global.Date = Date;
    // And what it sets in the environment, they see; the next test file does not.
    Object.keys(process.env).forEach((name) => delete process.env[name]);
    environment.global.process.env = Object.assign(process.env, variables);
  }

  requireModuleOrMock(from, name) {
    return this.shared.some((packages) => packages.test(name)) ? load(name) : super.requireModuleOrMock(from, name);
  }
};
