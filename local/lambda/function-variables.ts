import { randomUUID } from 'node:crypto';
import type { FunctionConfiguration } from './execution-environment';

/** The environment variables of a function: Lambda's own, its configuration's, and those of the place where it runs. */
export function functionVariables(
  configuration: FunctionConfiguration,
  place: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    ...place,
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: configuration.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memorySize),
    AWS_LAMBDA_LOG_GROUP_NAME: configuration.logGroupName ?? `/aws/lambda/${configuration.functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `[$LATEST]${randomUUID().replaceAll('-', '')}`,
    LAMBDA_TASK_ROOT: configuration.codeDirectory,
    ...configuration.environment,
    _HANDLER: configuration.handler,
  };
}
