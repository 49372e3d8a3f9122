import type { SentProperties } from './sent-properties';

/** What stands for a namespace that is not known: no job is in it. */
const SOME_NAMESPACE = 'a-namespace-that-only-CloudFormation-knows';

/** The values between which an unknown property makes a difference. */
const POSSIBLE: Readonly<Record<string, readonly (string | undefined)[]>> = {
  Force: ['false', 'true'],
  CancelFirst: ['false', 'true'],
  DeleteOnRollback: ['false', 'true'],
  NamespaceId: [undefined, SOME_NAMESPACE],
  MaxJobs: ['1', '1000000'],
  TimeoutSeconds: [undefined],
  Revision: [undefined],
};

/**
 * Every set of properties that it could be: what comes out the same for all of them is known all the same. Nothing where
 * a property is unknown that says which jobs there are.
 */
export function possibilities({ sent, unknown }: SentProperties): readonly Readonly<Record<string, unknown>>[] {
  return unknown.reduce<readonly Readonly<Record<string, unknown>>[]>(
    (sets, name) =>
      sets.flatMap((set) =>
        (POSSIBLE[name] ?? []).map((value) => (value === undefined ? set : { ...set, [name]: value })),
      ),
    [sent],
  );
}
