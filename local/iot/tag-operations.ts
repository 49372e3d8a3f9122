import { invalidRequest, notFound } from './errors';
import type { Input } from './input';
import type { Jobs } from './jobs';
import type { Operations } from './routes';
import type { Things } from './things';

/** The operations on the tags of jobs and thing groups, as the service model has them. Things have no tags. */
export function tagOperations(jobs: Jobs, things: Things): Operations {
  const tagsOf = (resourceArn: string): Map<string, string> => {
    const name = resourceArn.slice(resourceArn.lastIndexOf('/') + 1);
    switch (resourceArn) {
      case jobs.jobArn(name):
        return jobs.get(name).tags;
      case things.thingGroupArn(name):
        return things.thingGroup(name).tags;
      case things.thingArn(name):
        throw invalidRequest(`${resourceArn} is a thing, and things cannot be tagged.`);
      default:
        throw notFound(`No resource ${resourceArn} can have tags here: give the ARN of a job or a thing group.`);
    }
  };
  return {
    TagResource: {
      route: 'POST /tags',
      resources: (input) => [input.requiredText('resourceArn')],
      act: (input) => {
        const tags = tagsOf(input.requiredText('resourceArn'));
        input.tags().forEach((value, key) => tags.set(key, value));
        return {};
      },
    },
    UntagResource: {
      route: 'POST /untag',
      resources: (input) => [input.requiredText('resourceArn')],
      act: (input) => {
        const tags = tagsOf(input.requiredText('resourceArn'));
        input.texts('tagKeys').forEach((key) => tags.delete(key));
        return {};
      },
    },
    ListTagsForResource: {
      route: 'GET /tags',
      resources: (input) => [resourceArnQuery(input)],
      act: (input) => ({ tags: [...tagsOf(resourceArnQuery(input))].map(([Key, Value]) => ({ Key, Value })) }),
    },
  };
}

function resourceArnQuery(input: Input): string {
  const resourceArn = input.query('resourceArn');
  if (resourceArn === undefined) {
    throw invalidRequest("Value null at 'resourceArn' must not be null.");
  }
  return resourceArn;
}
