import { isDeepStrictEqual } from 'node:util';
import { desiredProperties } from './desired';
import type { Environment } from './environment';
import { contextOf } from './environment';
import { type Failure, message } from './failures';
import type { Fitted } from './fitting';
import { inventName, ResourceFailure, type ResourceType } from './resource-type';
import type { Properties, Stack, StackResource } from './stack';
import { CREATION_INITIATED } from './statuses';
import { isAboutJobs } from './surroundings';
import type { ResourceDefinition, Template } from './template';

/** Brings one resource after the other to what a template says, forward or back. */
export class Convergence {
  constructor(
    private readonly environment: Environment,
    private readonly stack: Stack,
    private readonly template: Template,
    readonly signal: AbortSignal,
    readonly rollback: boolean,
  ) {}

  async resource(logicalId: string, definition: ResourceDefinition): Promise<Failure | undefined> {
    const { stack, rollback } = this;
    const current = stack.resources.get(logicalId);
    const type = this.environment.resourceType(definition.type);
    if (!type || current?.stub) {
      return this.stub(logicalId, definition, current);
    }
    let desired: Fitted;
    try {
      desired = await desiredProperties(this.environment, stack, this.template, definition);
    } catch (error) {
      return !current && this.isStubbedFor(definition.type, error)
        ? this.stub(logicalId, definition, current, message(error))
        : this.unresolved(logicalId, definition, message(error));
    }
    if (!current) {
      return this.create(logicalId, definition, desired, type);
    }
    if (rollback && stack.change?.remade.has(logicalId)) {
      this.reinstate(current, stack.change.before.get(logicalId)!);
      return undefined;
    }
    // Even what stays as it is takes the template's word on how it is to go.
    current.deletionPolicy = definition.deletionPolicy;
    current.updateReplacePolicy = definition.updateReplacePolicy;
    const { properties, stubbed } = desired;
    const isAgain = rollback && stack.change?.failedBack.delete(logicalId);
    if (isDeepStrictEqual(current.properties, properties) && !isAgain) {
      if (rollback && current.status === 'UPDATE_FAILED') {
        stack.report(current, 'UPDATE_IN_PROGRESS');
        stack.report(current, 'UPDATE_COMPLETE');
      }
      return undefined;
    }
    current.stubbed = stubbed;
    const fixed = type.requiresReplacement ?? [];
    return fixed.some((name) => !isDeepStrictEqual(current.properties[name], properties[name]))
      ? this.remake(current, definition, desired, type)
      : this.update(current, properties, type);
  }

  private async create(
    logicalId: string,
    definition: ResourceDefinition,
    desired: Fitted,
    type: ResourceType,
  ): Promise<Failure | undefined> {
    const { stack } = this;
    const resource = newResource(logicalId, definition, desired);
    stack.resources.set(logicalId, resource);
    stack.report(resource, 'CREATE_IN_PROGRESS');
    const failed = await this.bringAbout(resource, type, 'creation');
    if (failed?.isStubbed) {
      return this.stub(logicalId, definition, undefined, failed.reason);
    }
    if (failed) {
      stack.report(resource, 'CREATE_FAILED', failed.reason);
      return { doing: 'create', logicalId, reason: failed.reason };
    }
    stack.report(resource, 'CREATE_IN_PROGRESS', CREATION_INITIATED);
    stack.report(resource, 'CREATE_COMPLETE');
    return undefined;
  }

  /** A resource that has an id and events, and nothing else. Nothing in it is resolved, so nothing in it can fail. */
  private stub(
    logicalId: string,
    definition: ResourceDefinition,
    current: StackResource | undefined,
    reason?: string,
  ): undefined {
    const { stack, environment } = this;
    const properties = definition.properties as Properties;
    if (!current) {
      const resource: StackResource = {
        ...newResource(logicalId, definition, { properties, stubbed: [] }),
        stub: true,
      };
      const begun = stack.resources.has(logicalId);
      stack.resources.set(logicalId, resource);
      const { account, surroundings } = environment;
      const { type } = definition;
      const at = { stackName: stack.name, stackId: stack.id, account: account.accountId, region: account.region };
      surroundings?.stubs.resources.push({ ...at, logicalId, type, ...(reason !== undefined && { reason }) });
      if (!begun) {
        stack.report(resource, 'CREATE_IN_PROGRESS');
      }
      resource.physicalId = inventName(contextOf(stack, this.template, resource, this));
      stack.report(resource, 'CREATE_IN_PROGRESS', CREATION_INITIATED);
      stack.report(resource, 'CREATE_COMPLETE');
      return;
    }
    current.deletionPolicy = definition.deletionPolicy;
    current.updateReplacePolicy = definition.updateReplacePolicy;
    if (!isDeepStrictEqual(current.properties, properties)) {
      current.properties = properties;
      stack.report(current, 'UPDATE_IN_PROGRESS');
      stack.report(current, 'UPDATE_COMPLETE');
    }
  }

  /** Whether a resource that can't be made is stubbed: it is not about jobs, and the operation goes on. */
  private isStubbedFor(type: string, error: unknown): boolean {
    return (
      this.environment.surroundings !== undefined &&
      !this.signal.aborted &&
      !isAboutJobs(type) &&
      !(error instanceof ResourceFailure && error.left.isAboutJobs)
    );
  }

  /** A property changed that cannot change in place: the new one is created first, the old one goes in clean-up. */
  private async remake(
    current: StackResource,
    definition: ResourceDefinition,
    desired: Fitted,
    type: ResourceType,
  ): Promise<Failure | undefined> {
    const { stack } = this;
    const { logicalId } = current;
    stack.report(
      current,
      'UPDATE_IN_PROGRESS',
      'Requested update requires the creation of a new physical resource; hence creating one.',
    );
    const next = newResource(logicalId, definition, desired);
    const reason = (await this.bringAbout(next, type, 'update'))?.reason;
    if (next.physicalId === undefined) {
      stack.report(current, 'UPDATE_FAILED', reason);
      return { doing: 'update', logicalId, reason: reason ?? '' };
    }
    stack.resources.set(logicalId, next);
    stack.superseded.push(current);
    stack.change?.remade.add(logicalId);
    stack.report(next, reason === undefined ? 'UPDATE_COMPLETE' : 'UPDATE_FAILED', reason);
    return reason === undefined ? undefined : { doing: 'update', logicalId, reason };
  }

  /** Creates the physical resource; answers with the reason when that failed. */
  private async bringAbout(
    resource: StackResource,
    type: ResourceType,
    doing: 'creation' | 'update',
  ): Promise<{ readonly reason: string; readonly isStubbed?: boolean } | undefined> {
    try {
      const made = await type.create(contextOf(this.stack, this.template, resource, this));
      resource.physicalId = made.physicalId;
      resource.attributes = made.attributes ?? {};
      return this.signal.aborted ? { reason: `Resource ${doing} cancelled` } : undefined;
    } catch (error) {
      resource.physicalId = error instanceof ResourceFailure ? error.left.physicalId : undefined;
      return this.signal.aborted
        ? { reason: `Resource ${doing} cancelled` }
        : { reason: message(error), isStubbed: this.isStubbedFor(resource.type, error) };
    }
  }

  private async update(
    current: StackResource,
    properties: Properties,
    type: ResourceType,
  ): Promise<Failure | undefined> {
    const { stack } = this;
    const { logicalId } = current;
    const previous = { ...current };
    const fail = (reason: string): Failure => {
      stack.report(current, 'UPDATE_FAILED', reason);
      return { doing: 'update', logicalId, reason };
    };
    // From here on the resource may have heard of the new properties, and a rollback has to take them back.
    current.properties = properties;
    stack.report(current, 'UPDATE_IN_PROGRESS');
    try {
      const context = { ...contextOf(stack, this.template, current, this), ...identity(previous) };
      const made = await type.update(context, previous.properties);
      this.accept(current, previous, made.physicalId);
      current.attributes = made.attributes ?? {};
    } catch (error) {
      if (error instanceof ResourceFailure && error.left.untouched) {
        current.properties = previous.properties;
      } else if (this.rollback) {
        stack.change?.failedBack.add(logicalId);
      }
      return fail(this.signal.aborted ? 'Resource update cancelled' : message(error));
    }
    if (this.signal.aborted) {
      return fail('Resource update cancelled');
    }
    stack.report(current, 'UPDATE_COMPLETE');
    return undefined;
  }

  /**
   * Takes the physical id that an update was answered with; another one than before means a replacement.
   *
   * On the way back the id before is the replacement's: it is what must go then. The original, which waited for the
   * clean-up, is what the stack stands on again, or was made again, so it never goes.
   */
  private accept(current: StackResource, previous: StackResource, physicalId: string): void {
    const { stack, rollback } = this;
    if (rollback) {
      stack.superseded = stack.superseded.filter((resource) => resource.logicalId !== current.logicalId);
    }
    if (physicalId !== previous.physicalId) {
      stack.superseded.push(previous);
      current.physicalId = physicalId;
    }
  }

  /** The rollback of a remade resource: the old one is still there, so only the new one goes, in clean-up. */
  private reinstate(current: StackResource, before: StackResource): void {
    const { stack } = this;
    const original = { ...before };
    stack.superseded = stack.superseded.filter((resource) => resource.logicalId !== original.logicalId);
    stack.superseded.push(current);
    stack.resources.set(original.logicalId, original);
    stack.change?.remade.delete(original.logicalId);
    stack.report(original, 'UPDATE_IN_PROGRESS');
    stack.report(original, 'UPDATE_COMPLETE');
  }

  private unresolved(logicalId: string, definition: ResourceDefinition, reason: string): Failure {
    const current = this.stack.resources.get(logicalId);
    if (current) {
      this.stack.report(current, 'UPDATE_FAILED', reason);
      return { doing: 'update', logicalId, reason };
    }
    const resource = newResource(logicalId, definition, { properties: {}, stubbed: [] });
    this.stack.resources.set(logicalId, resource);
    this.stack.report(resource, 'CREATE_FAILED', reason);
    return { doing: 'create', logicalId, reason };
  }
}

function newResource(
  logicalId: string,
  { type, deletionPolicy, updateReplacePolicy }: ResourceDefinition,
  { properties, stubbed }: Fitted,
): StackResource {
  return {
    logicalId,
    type,
    status: 'CREATE_IN_PROGRESS',
    properties,
    stubbed,
    attributes: {},
    deletionPolicy,
    updateReplacePolicy,
  };
}

function identity(resource: StackResource): { physicalId: string; attributes: Readonly<Record<string, unknown>> } {
  return { physicalId: resource.physicalId ?? '', attributes: resource.attributes };
}
