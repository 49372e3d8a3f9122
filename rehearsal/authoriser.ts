import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { AuthorisationRequest, Authoriser } from '../local/iam/iam';

/** What was decided about which request: a deletion asks the same again and again, and each decision takes milliseconds. */
const decisions = new Map<string, Promise<boolean>>();
const MAXIMUM_REMEMBERED = 1_000;

/**
 * Decides as IAM does, from the policies that the caller's role has at that moment and those of the resource.
 *
 * The library is AGPL-3.0: for the tests and the rehearsal of this repository, never for what is published.
 */
export const simulatedIam: Authoriser = (request) => {
  const key = JSON.stringify(request);
  const decision = decisions.get(key) ?? simulate(request);
  if (decisions.size >= MAXIMUM_REMEMBERED) {
    decisions.clear();
  }
  decisions.set(key, decision);
  return decision;
};

async function simulate(request: AuthorisationRequest): Promise<boolean> {
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
}
