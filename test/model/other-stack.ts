import type { Account } from './account';
import { must } from './must';
import { keyOf, type People } from './people';
import { complaint } from './reasons';
import { resourcesOf } from './resources';
import type { StackSpec, Trouble } from './program';
import { composed } from './templates';

const NAME = 'Other';

/** A stack of somebody else's, which has one of the jobs as well. Neither stack knows of the other. */
export class OtherStack {
  /** Until it is deleted, where somebody has begun with that. */
  ended?: Promise<void>;
  private spec?: StackSpec;

  constructor(
    private readonly account: Account,
    private readonly people: People,
    private readonly count: (what: string) => void,
  ) {}

  async deploy(jobId: string): Promise<void> {
    const spec = { force: true, cancelFirst: false, deleteOnRollback: false, retain: false };
    const all: StackSpec = { patterns: ['*'], deletions: { [jobId]: spec }, tokenId: 'Token', fails: false };
    const { status } = await this.account.cloudFormation.createStack({ ...composed(all), stackName: NAME });
    must(status === 'CREATE_COMPLETE', `the other stack is ${status}`);
    this.spec = all;
  }

  /** Deletes it, and the job with it: whoever else has the job finds it in deletion, or gone. */
  destroy(trouble: Trouble): Promise<void> {
    return (this.ended = this.delete(trouble));
  }

  private async delete(trouble: Trouble): Promise<void> {
    const { spec } = this;
    if (!spec) {
      return;
    }
    this.spec = undefined;
    const [own] = resourcesOf(spec);
    const lives = this.people.present.filter(({ jobId }) => jobId in spec.deletions);
    lives.forEach((life) => this.people.meddledWith.add(keyOf(life)));
    const { events, status } = await this.account.cloudFormation.deleteStack({ stackName: NAME });
    for (const { reason = '', type } of events.filter((event) => event.status === 'DELETE_FAILED')) {
      const wrong = type.startsWith('Custom::') ? complaint(reason, [own!], trouble) : undefined;
      must(wrong === undefined, `in the other stack: ${wrong}`);
    }
    if (status === 'DELETE_COMPLETE') {
      const left = lives.find(({ jobId, createdAt }) => this.account.iot.job(jobId)?.createdAt === createdAt);
      must(left === undefined, `${left?.jobId} is reported as deleted by the other stack, and is there`);
      this.count('two stacks with one job');
    } else {
      this.spec = spec;
    }
  }
}
