import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { Authoriser } from '../local/iam/iam';

/**
 * Decides as IAM does, from the policies that the caller's role has at that moment and those of the resource.
 *
 * The library is AGPL-3.0: for the tests and the rehearsal of this repository, never for what is published.
 */
export const simulatedIam: Authoriser = async (request) => {
  const { principalArn, action, resource, accountId, identityPolicies, permissionsBoundary, resourcePolicy } = request;
  const contextVariables = { ...request.contextKeys };
  const result = await runSimulation(
    {
      request: { principal: principalArn, action, resource: { resource, accountId }, contextVariables },
      identityPolicies: identityPolicies.map((policy, index) => ({ name: `policy-${index}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy,
      ...(permissionsBoundary
        ? { permissionBoundaryPolicies: [{ name: 'boundary', policy: permissionsBoundary }] }
        : {}),
    },
    {},
  );
  if (result.resultType === 'error') {
    throw new Error(`IAM simulation of ${action} on ${resource}: ${JSON.stringify(result.errors)}`);
  }
  return result.overallResult === 'Allowed';
};
