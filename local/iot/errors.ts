import { ServiceError } from '../api';

/** `ResourceAlreadyExistsException`, the one error of the model that says more than its message. */
export class ResourceAlreadyExists extends ServiceError {
  constructor(
    message: string,
    readonly resourceId: string,
    readonly resourceArn: string,
  ) {
    super('ResourceAlreadyExistsException', 409, message);
  }
}

/** `InvalidRequestException`: the request cannot be meant. */
export function invalidRequest(message: string): ServiceError {
  return new ServiceError('InvalidRequestException', 400, message);
}

/** `ResourceNotFoundException`: no such job, thing or thing group. */
export function notFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', 404, message);
}

/** `InvalidStateTransitionException`: the job's status does not allow it. */
export function invalidStateTransition(message: string): ServiceError {
  return new ServiceError('InvalidStateTransitionException', 409, message);
}

/** `LimitExceededException`: AWS IoT answers it with the unusual status 410. */
export function limitExceeded(message: string): ServiceError {
  return new ServiceError('LimitExceededException', 410, message);
}

/** `VersionConflictException`: nothing here is ever updated, so every version is the first. */
export function requireVersion(expected: number | undefined): void {
  if (expected !== undefined && expected !== 1) {
    throw new ServiceError('VersionConflictException', 409, `The version is 1, not ${expected}.`);
  }
}
