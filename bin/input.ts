import type { Node } from 'constructs';
import { DeleteJobInput, type DeleteJobOverrides, type DeleteJobRequest } from '../lib';

/** The seed's own example: `aws iot delete-job --job-id "example-job-04" --force`. */
const EXAMPLE: DeleteJobRequest = { jobId: 'example-job-04', force: true };

/**
 * Which job the app's context names: `-c input=FILE`, `-c jobId=`, `-c force=`, `-c namespaceId=`. The context wins
 * over the file, as the AWS CLI's options win over its input document. With none of them: the example.
 */
export function jobFromContext(node: Node): DeleteJobRequest {
  const input = text(node, 'input');
  const overrides: DeleteJobOverrides = {
    jobId: text(node, 'jobId'),
    force: flag(node, 'force'),
    namespaceId: text(node, 'namespaceId'),
  };
  if (input !== undefined) {
    return DeleteJobInput.fromFile(input, overrides);
  }
  const { jobId, ...rest } = overrides;
  if (jobId !== undefined) {
    return { jobId, ...rest };
  }
  if (rest.force !== undefined || rest.namespaceId !== undefined) {
    throw new Error('-c force= and -c namespaceId= say how to delete a job: name it with -c jobId= or -c input=FILE.');
  }
  return EXAMPLE;
}

function text(node: Node, key: string): string | undefined {
  const value: unknown = node.tryGetContext(key);
  // The CDK CLI reads `-c jobId=007` as the text it is; cdk.json may hold anything.
  if (value !== undefined && typeof value !== 'string') {
    throw new Error(`-c ${key}=${JSON.stringify(value)} must be a string.`);
  }
  return value;
}

function flag(node: Node, key: string): boolean | undefined {
  const value: unknown = node.tryGetContext(key);
  switch (value) {
    case undefined:
      return undefined;
    case true:
    case 'true':
      return true;
    case false:
    case 'false':
      return false;
    default:
      throw new Error(`-c ${key}=${JSON.stringify(value)} must be true or false.`);
  }
}
