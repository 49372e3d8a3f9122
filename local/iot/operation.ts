import { checkInput, type InputErrors, type Validated } from '../service-model/input';
import iotModel from '../service-model/iot.json';
import type { ServiceModel } from '../service-model/service-model';

/** AWS IoT's own model, of the operations that are served here. */
export const model = iotModel as unknown as ServiceModel;

/** What AWS IoT answers to an input that its model forbids. */
export const inputErrors: InputErrors = { malformed: 'InvalidRequestException', invalid: 'InvalidRequestException' };

/** An operation of the service model, behind the protocol: its input keeps the model's constraints. */
export interface Operation<Request> {
  /** The ARNs that IAM decides on, or `*` for an operation without a resource. */
  resources(request: Validated<Request>): readonly string[];
  /** Does it, and gives the output shape; nothing where the model has none. */
  act(request: Validated<Request>): object | undefined;
}

/** Operations by name, each with its request shape. */
export type Operations<Requests> = { readonly [Name in keyof Requests]: Operation<Requests[Name]> };

/** Fails as the service does when a name breaks the model's rule for it. */
export function requireName(shapeName: 'JobId' | 'NamespaceId' | 'ThingGroupName' | 'ThingName', name: string): string {
  return checkInput(model, shapeName, name, inputErrors, shapeName.charAt(0).toLowerCase() + shapeName.slice(1));
}
