import { JobSelection } from '../../lib';
import type { LocalAws } from '../../local/aws';

/** An account with jobs of strangers in it, and a sweep that selects some of all. */
export interface LargeAccount {
  readonly name: string;
  readonly strangers: number;
  readonly matches: number;
  readonly selection: JobSelection;
  /** Makes a job that matches, or a stranger's. */
  readonly create: (aws: LocalAws, jobId: string, isMatch: boolean) => void;
  /** How long AWS IoT takes to delete a job. */
  readonly deletionSeconds: number;
  /** A job on which every call is denied. */
  readonly denied?: string;
}

/** The ids of what matches begin like this; those of strangers don't. */
const PREFIX = 'ota-';

/** The id of a job that matches. */
export function matchId(index: number): string {
  return `${PREFIX}${index}`;
}

const GROUP = 'fleet';

/** What a selection is measured with. */
type Load = Pick<LargeAccount, 'strangers' | 'matches'> & Partial<Pick<LargeAccount, 'deletionSeconds' | 'denied'>>;

const completed: LargeAccount['create'] = (aws, jobId) => void aws.iot.createJob({ jobId, status: 'COMPLETED' });

function byNames({ matches, ...load }: Load): LargeAccount {
  return {
    name: 'names',
    deletionSeconds: 2,
    matches,
    ...load,
    selection: JobSelection.ids(Array.from({ length: matches }, (_, index) => matchId(index))),
    create: completed,
  };
}

function byPrefix(load: Load): LargeAccount {
  return {
    name: 'prefix',
    deletionSeconds: 2,
    ...load,
    selection: JobSelection.matching({ jobIdPrefix: PREFIX }),
    create: completed,
  };
}

function byTags(load: Load): LargeAccount {
  return {
    name: 'tags',
    deletionSeconds: 2,
    ...load,
    selection: JobSelection.matching({ tags: { app: 'ota' } }),
    create: (aws, jobId, isMatch) =>
      void aws.iot.createJob({ jobId, status: 'COMPLETED', tags: new Map([['app', isMatch ? 'ota' : 'other']]) }),
  };
}

/** The strangers are SCHEDULED: a thing group's list leaves those out, so each is asked for its targets. */
function byThingGroup(load: Load): LargeAccount {
  return {
    name: 'thing group',
    deletionSeconds: 2,
    ...load,
    selection: JobSelection.matching({ thingGroupName: GROUP }),
    create: ({ iot }, jobId, isMatch) => {
      const name = isMatch ? GROUP : 'others';
      const { thingGroupArn } = iot.thingGroup(name) ?? iot.createThingGroup(name);
      iot.createJob({ jobId, status: 'SCHEDULED', targets: [thingGroupArn] });
    },
  };
}

/** Those of the design's goals: `npm run bench` measures them too. */
export const goalAccounts: readonly LargeAccount[] = [
  byNames({ strangers: 99_997, matches: 3 }),
  byTags({ strangers: 1_490, matches: 10 }),
];

/** The accounts that were once too large. */
export const largeAccounts: readonly LargeAccount[] = [
  byNames({ strangers: 100_000, matches: 3 }),
  byTags({ strangers: 3_000, matches: 10 }),
  byThingGroup({ strangers: 3_000, matches: 10 }),
  byPrefix({ strangers: 295_000, matches: 5_000 }),
  byPrefix({ strangers: 0, matches: 100, deletionSeconds: 10, denied: matchId(7) }),
];

/** How calls grow: first with strangers, then with what matches. */
export const growth: readonly LargeAccount[] = [
  ...[0, 1_000, 10_000, 100_000].map((strangers) => byPrefix({ strangers, matches: 10 })),
  ...[0, 100, 1_000].map((strangers) => byTags({ strangers, matches: 10 })),
  ...[0, 100, 1_000].map((strangers) => byThingGroup({ strangers, matches: 10 })),
  ...[1, 100, 1_000].map((matches) => byPrefix({ strangers: 1_000, matches })),
];
