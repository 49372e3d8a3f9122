import type { ListTagsForResourceRequest, TagResourceRequest, UntagResourceRequest } from '@aws-sdk/client-iot';
import { invalidRequest, notFound } from './errors';
import type { Jobs } from './jobs';
import type { Operations } from './operation';
import { pageOf } from './page';
import { tagsOf } from './tags';
import type { Things } from './things';

/** The operations on tags, and what each is asked. */
export interface TagRequests {
  readonly TagResource: TagResourceRequest;
  readonly UntagResource: UntagResourceRequest;
  readonly ListTagsForResource: ListTagsForResourceRequest;
}

/** The operations on the tags of jobs and thing groups, as the service model has them. Things have no tags. */
export function tagOperations(jobs: Jobs, things: Things): Operations<TagRequests> {
  const tagsOfResource = (resourceArn: string): Map<string, string> => {
    const name = resourceArn.slice(resourceArn.lastIndexOf('/') + 1);
    switch (resourceArn) {
      case jobs.jobArn(name):
        return jobs.get(name).tags;
      case things.thingGroupArn(name):
        return things.thingGroup(name).tags;
      case things.thingArn(name):
        throw invalidRequest(`${resourceArn} is a thing, and things cannot be tagged.`);
      default:
        throw notFound('No such resource can have tags here: give the ARN of a job or a thing group.');
    }
  };
  return {
    TagResource: {
      resources: ({ resourceArn }) => [resourceArn],
      act: ({ resourceArn, tags }) => {
        const existing = tagsOfResource(resourceArn);
        tagsOf(tags, existing).forEach((value, key) => existing.set(key, value));
        return {};
      },
    },
    UntagResource: {
      resources: ({ resourceArn }) => [resourceArn],
      act: ({ resourceArn, tagKeys }) => {
        const existing = tagsOfResource(resourceArn);
        tagKeys.forEach((key) => existing.delete(key));
        return {};
      },
    },
    ListTagsForResource: {
      resources: ({ resourceArn }) => [resourceArn],
      act: ({ resourceArn, nextToken }) => {
        const tags = [...tagsOfResource(resourceArn)].map(([Key, Value]) => ({ Key, Value }));
        const page = pageOf(tags, ({ Key }) => Key, { nextToken });
        return { tags: page.items, nextToken: page.nextToken };
      },
    },
  };
}
