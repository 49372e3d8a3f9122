import type { Account } from '../account';
import type { Value } from './intrinsic-call';

/** What `Fn::GetStackOutput` reads: an output of a stack, which may be in another region or account. */
export interface StackOutputReference {
  readonly stackName: string;
  readonly outputName: string;
  readonly region?: string;
  /** The role that may describe the stack; its account is the stack's. */
  readonly roleArn?: string;
}

/** Where intrinsics find what they name. */
export interface Scope {
  readonly account: Account;
  readonly mappings: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Value>>>>>>;
  /** A resource's physical id, a parameter's or a pseudo parameter's value. */
  ref(name: string): Value;
  attribute(logicalId: string, attribute: string): Value;
  condition(name: string): boolean;
  importValue(exportName: string): Value;
  stackOutput(reference: StackOutputReference): Value;
  /** A function that is not known here; without this it is an error. */
  unknownFunction?(name: string): Value;
}

/** The value of `AWS::NoValue`: whatever holds it is left out. */
export const noValue = Symbol('AWS::NoValue');

/** The names of the parameters that every template has. */
export const PSEUDO_PARAMETERS: ReadonlySet<string> = new Set(
  'AccountId NoValue NotificationARNs Partition Region StackId StackName URLSuffix'
    .split(' ')
    .map((name) => `AWS::${name}`),
);
