import type { ListJobsRequest } from '@aws-sdk/client-iot';
import { type Job, type JobPage, Jobs } from '../../lambda/aws/jobs';

/** AWS IoT's jobs, each answer asked for once: a plan is made of one look, whichever possibilities it considers. */
export class RememberedJobs extends Jobs {
  private readonly answers = new Map<string, Promise<unknown>>();

  override describe(jobId: string): Promise<Job | undefined> {
    return this.once(`describe ${jobId}`, () => super.describe(jobId));
  }

  override page(request: ListJobsRequest): Promise<JobPage> {
    return this.once(`page ${JSON.stringify(request)}`, () => super.page(request));
  }

  override tags(jobArn: string): Promise<Readonly<Record<string, string>> | undefined> {
    return this.once(`tags ${jobArn}`, () => super.tags(jobArn));
  }

  override cancel(): Promise<never> {
    return Promise.reject(new Error('A plan cancels nothing.'));
  }

  override delete(): Promise<never> {
    return Promise.reject(new Error('A plan deletes nothing.'));
  }

  private async once<Answer>(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    const answer = this.answers.get(key) ?? ask();
    this.answers.set(key, answer);
    try {
      return (await answer) as Answer;
    } catch (error) {
      this.answers.delete(key);
      throw error;
    }
  }
}
