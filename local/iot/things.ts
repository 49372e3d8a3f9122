import { randomUUID } from 'node:crypto';
import type { Account } from '../account';
import type { Clock } from '../clock';
import { ResourceAlreadyExists, invalidRequest, notFound } from './errors';

/** A thing of the registry. */
export interface Thing {
  readonly thingName: string;
  readonly thingArn: string;
  readonly thingId: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A static thing group: a set of things, and a place in the tree of groups. */
export interface ThingGroup {
  readonly thingGroupName: string;
  readonly thingGroupArn: string;
  readonly thingGroupId: string;
  readonly parentGroupName?: string;
  readonly thingGroupDescription?: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly creationDate: number;
  readonly thingNames: Set<string>;
  readonly tags: Map<string, string>;
}

/** What CreateThingGroup may say of a group besides its name. */
export type ThingGroupSettings = Partial<
  Pick<ThingGroup, 'parentGroupName' | 'thingGroupDescription' | 'attributes' | 'tags'>
>;

/** The registry of things and thing groups. */
export class Things {
  private readonly thingsByName = new Map<string, Thing>();
  private readonly groupsByName = new Map<string, ThingGroup>();

  constructor(
    private readonly account: Account,
    private readonly clock: Clock,
  ) {}

  /** `arn:aws:iot:…:thing/NAME`, whether it exists or not. */
  thingArn(thingName: string): string {
    return `arn:aws:iot:${this.account.region}:${this.account.accountId}:thing/${thingName}`;
  }

  /** `arn:aws:iot:…:thinggroup/NAME`, whether it exists or not. */
  thingGroupArn(thingGroupName: string): string {
    return `arn:aws:iot:${this.account.region}:${this.account.accountId}:thinggroup/${thingGroupName}`;
  }

  createThing(thingName: string, attributes: Thing['attributes'] = {}): Thing {
    const existing = this.thingsByName.get(thingName);
    if (existing) {
      throw new ResourceAlreadyExists(`Thing ${thingName} already exists.`, existing.thingId, existing.thingArn);
    }
    const thing: Thing = { thingName, thingArn: this.thingArn(thingName), thingId: randomUUID(), attributes };
    this.thingsByName.set(thingName, thing);
    return thing;
  }

  findThing(thingName: string): Thing | undefined {
    return this.thingsByName.get(thingName);
  }

  thing(thingName: string): Thing {
    const thing = this.thingsByName.get(thingName);
    if (!thing) {
      throw notFound(`Thing ${thingName} does not exist.`);
    }
    return thing;
  }

  things(): Thing[] {
    return [...this.thingsByName.values()];
  }

  /** The service does not mind a thing that does not exist, nor one that a job still targets. */
  deleteThing(thingName: string): void {
    this.thingsByName.delete(thingName);
    this.groupsByName.forEach((group) => group.thingNames.delete(thingName));
  }

  createThingGroup(thingGroupName: string, settings: ThingGroupSettings = {}): ThingGroup {
    const existing = this.groupsByName.get(thingGroupName);
    if (existing) {
      const { thingGroupId, thingGroupArn } = existing;
      throw new ResourceAlreadyExists(`Thing group ${thingGroupName} already exists.`, thingGroupId, thingGroupArn);
    }
    if (settings.parentGroupName !== undefined && !this.groupsByName.has(settings.parentGroupName)) {
      // CreateThingGroup's model has no ResourceNotFoundException.
      throw invalidRequest(`Parent thing group ${settings.parentGroupName} does not exist.`);
    }
    const group: ThingGroup = {
      attributes: {},
      tags: new Map(),
      ...settings,
      thingGroupName,
      thingGroupArn: this.thingGroupArn(thingGroupName),
      thingGroupId: randomUUID(),
      creationDate: this.clock.now(),
      thingNames: new Set(),
    };
    this.groupsByName.set(thingGroupName, group);
    return group;
  }

  findThingGroup(thingGroupName: string): ThingGroup | undefined {
    return this.groupsByName.get(thingGroupName);
  }

  thingGroup(thingGroupName: string): ThingGroup {
    const group = this.groupsByName.get(thingGroupName);
    if (!group) {
      throw notFound(`Thing group ${thingGroupName} does not exist.`);
    }
    return group;
  }

  thingGroups(): ThingGroup[] {
    return [...this.groupsByName.values()];
  }

  childGroups(parentGroupName: string | undefined): ThingGroup[] {
    return this.thingGroups().filter((group) => group.parentGroupName === parentGroupName);
  }

  /** From the root of the tree down to the group's own parent. */
  ancestors(group: ThingGroup): ThingGroup[] {
    if (group.parentGroupName === undefined) {
      return [];
    }
    const parent = this.thingGroup(group.parentGroupName);
    return [...this.ancestors(parent), parent];
  }

  /** As for a thing, one that does not exist or is a job's target is fine; one with children is not. */
  deleteThingGroup(thingGroupName: string): void {
    if (this.childGroups(thingGroupName).length > 0) {
      throw invalidRequest(`Thing group ${thingGroupName} has child groups: delete them first.`);
    }
    this.groupsByName.delete(thingGroupName);
  }

  addThingToThingGroup(thingName: string, thingGroupName: string): void {
    this.thingGroup(thingGroupName).thingNames.add(this.thing(thingName).thingName);
  }

  /** The names of a group's things, those of its child groups included if asked for. */
  thingNames(group: ThingGroup, recursive: boolean): string[] {
    const children = recursive ? this.childGroups(group.thingGroupName) : [];
    const names = [...group.thingNames, ...children.flatMap((child) => this.thingNames(child, true))];
    return [...new Set(names)];
  }

  /** The things that a job's target, a thing or a thing group, stands for at this moment. */
  targetedThings(targetArn: string): Thing[] {
    const { kind, name } = this.target(targetArn);
    return kind === 'thing'
      ? [this.thing(name)]
      : this.thingNames(this.thingGroup(name), true).map((thingName) => this.thing(thingName));
  }

  /** Whether a job's target exists at this moment. */
  hasTarget(targetArn: string): boolean {
    const { kind, name } = this.target(targetArn);
    return kind === 'thing' ? this.thingsByName.has(name) : this.groupsByName.has(name);
  }

  private target(targetArn: string): { kind: 'thing' | 'thinggroup'; name: string } {
    const name = targetArn.slice(targetArn.lastIndexOf('/') + 1);
    switch (targetArn) {
      case this.thingArn(name):
        return { kind: 'thing', name };
      case this.thingGroupArn(name):
        return { kind: 'thinggroup', name };
      default:
        throw invalidRequest(
          `Invalid target ${targetArn}: not the ARN of a thing or thing group of this account and region.`,
        );
    }
  }
}
