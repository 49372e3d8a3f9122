import type { Jobs } from '../../lambda/aws/jobs';
import type { Stacks } from '../../lambda/aws/stacks';
import type { Answer } from '../../lambda/request/answer';
import type { Mutant } from './run';

/** Changes some of what the handler reads of stacks. */
export function misreading(change: (stacks: Stacks) => Partial<Stacks>): Mutant {
  return {
    services: (services) => ({
      ...services,
      stacks: () => {
        const stacks = services.stacks();
        return Object.assign(Object.create(stacks) as Stacks, change(stacks));
      },
    }),
  };
}

/** Changes some of how the handler reaches AWS IoT. */
export function mishandling(change: (jobs: Jobs) => Partial<Jobs>): Mutant {
  return {
    services: (services) => {
      const changed = new WeakMap<Jobs, Jobs>();
      return {
        ...services,
        jobsAt: (place) => {
          const jobs = services.jobsAt(place);
          const known = changed.get(jobs) ?? Object.assign(Object.create(jobs) as Jobs, change(jobs));
          changed.set(jobs, known);
          return known;
        },
      };
    },
  };
}

/** Changes the answers that go to CloudFormation. */
export function misanswering(change: (answer: Answer) => Answer): Mutant {
  return {
    services: (services) => ({
      ...services,
      put: (url, body) => services.put(url, JSON.stringify(change(JSON.parse(body) as Answer))),
    }),
  };
}
