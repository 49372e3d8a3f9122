'use strict';

const { createRequire } = require('node:module');
const { default: Runtime } = require('jest-runtime');

/** They take a second to load, and have no state of a test's: each worker loads them once, not anew for each test file. */
const SHARED = /^(aws-cdk-lib|constructs|cdk-nag|cdk-nag-2|@cloud-copilot|asl-validator|@aws-cdk\/toolkit-lib)(\/|$)/;

/** The unit tests: their coverage counts. The others run the bundle, or a whole app, and counting slows them by a quarter. */
const COVERS = /\/test\/(lambda|lib)\//;

/**
 * What jest notes down the running test in. Node's own class follows every promise, which makes Node 20 and 22 slow;
 * the tests of a file run one after the other, so a variable does.
 */
class OneAtATime {
  getStore() {
    return this.store;
  }

  async run(store, callback) {
    const before = this.store;
    this.store = store;
    try {
      return await callback();
    } finally {
      this.store = before;
    }
  }
}

const load = createRequire(__filename);
const variables = { ...process.env };
const CLOUD_ASSEMBLY = load.resolve('aws-cdk-lib/cx-api');
compileOnce(load(load.resolve('ajv', { paths: [load.resolve('asl-validator')] })));

/**
 * How jest loads modules, but for the packages that a worker shares among its test files, for whose coverage counts, and for
 * how jest knows which test runs.
 */
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

  teardown() {
    super.teardown();
    // CDK deletes the folders of its apps when the process exits, and jest gives a worker half a second for that.
    load.cache[CLOUD_ASSEMBLY]?.exports.CloudAssembly.cleanupTemporaryDirectories();
  }

  requireInternalModule(from, name) {
    return name === 'node:async_hooks' ? { AsyncLocalStorage: OneAtATime } : super.requireInternalModule(from, name);
  }
};

/** For each definition, asl-validator makes an Ajv, which takes half a second to compile the language's schemas: once is enough. */
function compileOnce(ajv) {
  const compiled = new Map();
  ajv.default = class extends ajv.default {
    getSchema(id) {
      const schema = compiled.get(id) ?? super.getSchema(id);
      compiled.set(id, schema);
      return schema;
    }
  };
}
