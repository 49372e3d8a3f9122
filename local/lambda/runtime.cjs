'use strict';

/** What Lambda's own Node runtime does around a handler, wherever that runs. Plain CommonJS, so that a start is quick. */

const { isNativeError } = require('node:util').types;

/** The handler that a name such as `index.handler` stands for; `load` loads the module at a path without an ending. */
exports.findHandler = async (name, load) => {
  const [, directory = '', file, exportPath] = /^(.*\/)?([^./]+)\.(.+)$/.exec(name) ?? [];
  if (!exportPath) {
    throw named('Runtime.MalformedHandlerName', `Bad handler ${name}: expected file.export`);
  }
  const loaded = await loadAs(() => load(`${directory}${file}`));
  const handler = exportPath.split('.').reduce((value, key) => value?.[key], loaded);
  if (typeof handler !== 'function') {
    throw named('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
  }
  if (handler.length > 2) {
    throw named('Runtime.CallbackHandlerDeprecated', `${name} takes a callback, which Node 24's runtime has no more`);
  }
  return handler;
};

async function loadAs(load) {
  try {
    return await load();
  } catch (error) {
    if (error?.name === 'SyntaxError') {
      throw named('Runtime.UserCodeSyntaxError', String(error), error.stack);
    }
    if (error?.code === 'MODULE_NOT_FOUND') {
      throw named('Runtime.ImportModuleError', String(error), error.stack);
    }
    throw error;
  }
}

/** The context that a handler gets, of the function's environment and one invocation. */
exports.contextOf = (env, { requestId, functionArn, deadline }, now) => ({
  callbackWaitsForEmptyEventLoop: true,
  functionName: env.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
  memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
  invokedFunctionArn: functionArn,
  awsRequestId: requestId,
  getRemainingTimeInMillis: () => deadline - now(),
});

/** Lambda's envelope of what a handler has thrown. */
exports.envelope = (error) => {
  if (!isNativeError(error) && !(error instanceof Error)) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  return { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') };
};

function named(name, message, stack) {
  const error = new Error(message);
  error.name = name;
  error.stack = stack ?? error.stack;
  return error;
}
