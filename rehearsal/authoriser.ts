import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { Authoriser } from '../local/iam/iam';

/**
 * Decides as IAM does, from the policies that the template gives the caller's role at that moment.
 *
 * The library is AGPL-3.0: for the tests and the rehearsal of this repository, never for what is published.
 */
export const simulatedIam: Authoriser = async (request) => {
  const { principalArn, action, resource, identityPolicies, permissionsBoundary, resourcePolicy } = request;
  const accountId = principalArn.split(':')[4]!;
  const result = await runSimulation(
    {
      request: { principal: principalArn, action, resource: { resource, accountId }, contextVariables: {} },
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
