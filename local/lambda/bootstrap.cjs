'use strict';

/**
 * The runtime of the embedded Lambda: takes events from the Lambda Runtime API and gives them to the handler, with the
 * context and the error envelope of Lambda's own Node runtime. Plain CommonJS, so that a cold start is quick.
 */

const { existsSync } = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { isNativeError } = require('node:util').types;
const { pathToFileURL } = require('node:url');

const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true });

/** The invocation that runs, for the errors that nobody awaits. */
let currentRequestId;

// Nothing is ever written to standard input: it ends when the embedded AWS does, however that came about.
process.stdin.on('end', () => process.exit(1)).on('error', () => process.exit(1));
process.stdin.resume();

process.on('uncaughtException', (error) => void die(envelope(error)));
process.on('unhandledRejection', (reason) => {
  const error = reason instanceof Error ? reason : new Error(String(reason));
  void die({ ...envelope(error), errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: String(reason) });
});

void main();

async function main() {
  let handler;
  try {
    handler = await loadHandler(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER);
  } catch (error) {
    await die(envelope(error));
    return;
  }
  for (;;) {
    const { headers, body } = await call('GET', 'invocation/next');
    currentRequestId = headers['lambda-runtime-aws-request-id'];
    let answer;
    try {
      const result = await handler(JSON.parse(body), invocationContext(headers));
      answer = ['response', JSON.stringify(result === undefined ? null : result)];
    } catch (error) {
      answer = ['error', JSON.stringify(envelope(error))];
    }
    await call('POST', `invocation/${currentRequestId}/${answer[0]}`, answer[1]);
    currentRequestId = undefined;
  }
}

/** Reports an error that this process does not survive. */
async function die(error) {
  const about = currentRequestId === undefined ? 'init' : `invocation/${currentRequestId}`;
  await call('POST', `${about}/error`, JSON.stringify(error));
  process.exit(129);
}

/** One call of the Runtime API. Without the API there is nobody to work for. */
function call(method, route, body) {
  return new Promise((resolve) => {
    const request = http.request({ hostname, port, agent, method, path: `/2018-06-01/runtime/${route}` });
    request.on('error', () => process.exit(1));
    request.on('response', (response) => {
      const chunks = [];
      response.on('error', () => process.exit(1));
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }));
    });
    request.end(body);
  });
}

async function loadHandler(root, name) {
  const [, directory, file, exportPath] = /^(.*\/)?([^./]+)\.(.+)$/.exec(name) ?? [];
  if (!exportPath) {
    throw named('Runtime.MalformedHandlerName', `Bad handler ${name}: expected file.export`);
  }
  const loaded = await loadModule(path.resolve(root, directory ?? '', file));
  const handler = exportPath.split('.').reduce((value, key) => value?.[key], loaded);
  if (typeof handler !== 'function') {
    throw named('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
  }
  if (handler.length > 2) {
    throw named('Runtime.CallbackHandlerDeprecated', `${name} takes a callback, which Node 24's runtime has no more`);
  }
  return handler;
}

async function loadModule(base) {
  try {
    if (!existsSync(`${base}.js`) && existsSync(`${base}.mjs`)) {
      return await import(pathToFileURL(`${base}.mjs`).href);
    }
    return require(base);
  } catch (error) {
    if (error?.code === 'ERR_REQUIRE_ESM') {
      return import(pathToFileURL(`${base}.js`).href);
    }
    if (error instanceof SyntaxError) {
      throw named('Runtime.UserCodeSyntaxError', String(error), error.stack);
    }
    if (error?.code === 'MODULE_NOT_FOUND') {
      throw named('Runtime.ImportModuleError', String(error), error.stack);
    }
    throw error;
  }
}

function invocationContext(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

function named(name, message, stack) {
  const error = new Error(message);
  error.name = name;
  error.stack = stack ?? error.stack;
  return error;
}

function envelope(error) {
  if (!isNativeError(error) && !(error instanceof Error)) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  return { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') };
}
