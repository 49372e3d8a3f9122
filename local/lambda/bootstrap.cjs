'use strict';

/**
 * The runtime of the embedded Lambda: takes events from the Lambda Runtime API and gives them to the handler, with the
 * context and the error envelope of Lambda's own Node runtime. Plain CommonJS, so that a cold start is quick.
 */

const { existsSync } = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { contextOf, envelope, findHandler } = require('./runtime.cjs');

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
    handler = await findHandler(process.env._HANDLER, (file) =>
      loadModule(path.resolve(process.env.LAMBDA_TASK_ROOT, file)),
    );
  } catch (error) {
    await die(envelope(error));
    return;
  }
  for (;;) {
    const { headers, body } = await call('GET', 'invocation/next');
    currentRequestId = headers['lambda-runtime-aws-request-id'];
    let answer;
    try {
      const result = await handler(JSON.parse(body), contextOf(process.env, invocationOf(headers), Date.now));
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
    throw error;
  }
}

function invocationOf(headers) {
  return {
    requestId: headers['lambda-runtime-aws-request-id'],
    functionArn: headers['lambda-runtime-invoked-function-arn'],
    deadline: Number(headers['lambda-runtime-deadline-ms']),
  };
}
