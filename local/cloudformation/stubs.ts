/** A resource that is only stubbed here: it has an id and events, and nothing was made for it. */
export interface Stub {
  readonly stackName: string;
  readonly stackId: string;
  readonly account: string;
  readonly region: string;
  readonly logicalId: string;
  readonly type: string;
  /** Why it could not be made, for a type that can run here. */
  readonly reason?: string;
}

/** A condition that compares a value which only an account knows: in the account it may turn out otherwise. */
export interface UncertainCondition {
  readonly stackName: string;
  readonly stackId: string;
  readonly account: string;
  readonly region: string;
  readonly condition: string;
  readonly value: boolean;
  /** Where the value comes from, such as `Fleet.Vpc.VpcId`, `export Rollouts-JobId` or `ssm /fleet/job`. */
  readonly from: string;
}

/** A property of a real resource in which a value that only an account knows was replaced by one that fits. */
export interface StubbedProperty {
  /** Such as `JobId` or `AssumeRole.RoleArn`. */
  readonly property: string;
  /** The whole value that the resource got; missing where the property was left out. */
  readonly value?: string;
  /** Where the value comes from, such as `Fleet.Rollout.jobId`, `export Rollouts-JobId` or `ssm /fleet/job`. */
  readonly from: string;
}

/** What the rehearsed stacks could not know, collected over every account and region. */
export class Stubs {
  readonly resources: Stub[] = [];
  readonly conditions: UncertainCondition[] = [];
}
