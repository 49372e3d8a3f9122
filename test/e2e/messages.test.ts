import { readFileSync } from 'node:fs';
import { CfnParameter, Duration, type Stack } from 'aws-cdk-lib';
import { JobDeletion, JobDeletionProvider, JobSelection, JobSweep, type JobSweepProps } from '../../lib';
import type { SynthesizedStack } from '../../local/assembly';
import type { LocalAws } from '../../local/aws';
import { deleting, failures, startAws, synthesize } from './world';

/** The page's failures, in its order: what stands in its code blocks. */
const documented = [...readFileSync('docs/troubleshooting.md', 'utf8').matchAll(/```\n(.*)\n```/g)].map(
  ([, text]) => text!,
);

/** What the console shows, without what CloudFormation puts around it, and without the place in the log. */
const FRAME =
  /^Received response status \[FAILED\] from custom resource\. Message returned: (.*) Log group: \S+, request id: \S+\. \(RequestId: [0-9a-f-]+\)$/;

type Operation = Promise<{ readonly events: Parameters<typeof failures>[0] }>;

const second = { timeout: Duration.seconds(1) };
const unavailable = (code: string): Promise<{ status: number; headers: Record<string, string>; body: string }> =>
  Promise.resolve({
    status: 503,
    headers: { 'x-amzn-ErrorType': code },
    body: JSON.stringify({ message: 'Service Unavailable' }),
  });

async function destroyed(aws: LocalAws, stack: SynthesizedStack, before?: () => void): Operation {
  await aws.cloudFormation.createStack(stack);
  before?.();
  return aws.cloudFormation.deleteStack({ stackName: 'S' });
}

async function updated(aws: LocalAws, from: SynthesizedStack, to: SynthesizedStack): Operation {
  await aws.cloudFormation.createStack(from);
  return aws.cloudFormation.updateStack(to);
}

/** The stack without the permission to delete. */
function denied(stack: SynthesizedStack): SynthesizedStack {
  const template = JSON.stringify(stack.template).replace(',"iot:DeleteJob"', '');
  return { ...stack, template: JSON.parse(template) as Record<string, unknown> };
}

function sweeping(props: Partial<JobSweepProps>): SynthesizedStack {
  const ota = JobSelection.matching({ jobIdPrefix: 'ota-' });
  return synthesize((stack) => void new JobSweep(stack, 'Sweep', { jobs: ota, ...props }));
}

function refuseToDelete({ iot }: LocalAws): void {
  iot.intercept = (operation, _jobId, next) =>
    operation === 'DeleteJob'
      ? Promise.resolve({
          status: 400,
          headers: { 'x-amzn-ErrorType': 'InvalidRequestException' },
          body: JSON.stringify({ message: 'Not this one.' }),
        })
      : next();
}

/** Each failure, provoked: in the order of the page. */
const provoke: ((aws: LocalAws) => Operation)[] = [
  (aws) => {
    aws.iot.createJob({ jobId: 'a', status: 'IN_PROGRESS' });
    return destroyed(aws, deleting({ jobId: 'a' }));
  },
  (aws) => {
    aws.iot.createJob({ jobId: 'a', status: 'COMPLETED', namespaceId: 'edge' });
    return destroyed(aws, deleting({ jobId: 'a', namespaceId: 'core' }));
  },
  (aws) => {
    aws.iot.createJob({ jobId: 'a', status: 'COMPLETED', deletionTime: 60_000 });
    return destroyed(aws, deleting({ jobId: 'a', ...second }));
  },
  (aws) => {
    const rest = { status: 'DELETION_IN_PROGRESS', deletionTime: 60_000 } as const;
    for (let i = 0; i < 10; i++) aws.iot.createJob({ jobId: `other-${i}`, ...rest });
    aws.iot.createJob({ jobId: 'a', status: 'COMPLETED' });
    return destroyed(aws, deleting({ jobId: 'a', ...second }));
  },
  (aws) => {
    aws.iot.createJob({ jobId: 'a', status: 'IN_PROGRESS', executions: { inProgress: 2 } });
    return destroyed(aws, deleting({ jobId: 'a', cancelFirst: true, ...second }));
  },
  (aws) => {
    aws.iot.createJob({ jobId: 'a', status: 'COMPLETED' });
    aws.iot.intercept = (operation, _jobId, next) =>
      operation === 'DeleteJob' ? unavailable('ServiceUnavailableException') : next();
    return destroyed(aws, deleting({ jobId: 'a', ...second }));
  },
  (aws) =>
    destroyed(aws, deleting({ jobId: 'a' }), () => {
      aws.cloudFormation.intercept = () =>
        Promise.resolve({
          status: 503,
          headers: { 'content-type': 'text/xml' },
          body:
            '<ErrorResponse><Error><Type>Receiver</Type><Code>ServiceUnavailable</Code>' +
            '<Message>Service Unavailable</Message></Error><RequestId>r</RequestId></ErrorResponse>',
        });
    }),
  (aws) => {
    aws.iot.createJob({ jobId: 'a', status: 'COMPLETED' });
    refuseToDelete(aws);
    return destroyed(aws, deleting({ jobId: 'a' }));
  },
  (aws) => {
    aws.iot.createJob({ jobId: 'a', status: 'COMPLETED' });
    return destroyed(aws, denied(deleting({ jobId: 'a' })));
  },
  (aws) => {
    aws.iot.createJob({ jobId: 'a', status: 'IN_PROGRESS' });
    return updated(aws, deleting({ jobId: 'a' }), deleting({ jobId: 'b' }));
  },
  (aws) => {
    aws.iot.createJob({ jobId: 'a', status: 'COMPLETED', deletionTime: 60_000 });
    return updated(aws, deleting({ jobId: 'a', ...second }), deleting({ jobId: 'b' }));
  },
  (aws) => {
    aws.iot.createJob({ jobId: 'a', status: 'COMPLETED' });
    return updated(aws, denied(deleting({ jobId: 'a' })), denied(deleting({ jobId: 'b' })));
  },
  (aws) => {
    aws.iot.createJob({ jobId: 'a', status: 'IN_PROGRESS' });
    return updated(aws, deleting({ jobId: 'a', revision: '1' }), deleting({ jobId: 'a', revision: '2' }));
  },
  (aws) => {
    const stack = synthesize((stack) => {
      const provider = new JobDeletionProvider(stack, 'Mine', { jobIdPatterns: ['ota-*'] });
      new JobDeletion(stack, 'Teardown', { jobId: new CfnParameter(stack, 'Job').valueAsString, provider });
    });
    return aws.cloudFormation.createStack({ ...stack, parameters: { Job: 'a' } });
  },
  (aws) => {
    const stack = synthesize((stack) => {
      new JobDeletion(stack, 'Teardown', { jobId: new CfnParameter(stack, 'Job').valueAsString });
    });
    return aws.cloudFormation.createStack({ ...stack, parameters: { Job: 'a b' } });
  },
  (aws) => {
    for (let i = 1; i <= 5; i++) aws.iot.createJob({ jobId: `ota-${i}`, status: 'IN_PROGRESS' });
    aws.iot.createJob({ jobId: 'ota-6', status: 'COMPLETED' });
    return destroyed(aws, sweeping({}));
  },
  (aws) => {
    for (let i = 1; i <= 3; i++) aws.iot.createJob({ jobId: `ota-${i}`, status: 'COMPLETED' });
    return destroyed(aws, sweeping({ maxJobs: 2 }));
  },
  (aws) => {
    for (let i = 1; i <= 12; i++) aws.iot.createJob({ jobId: `ota-${i}`, status: 'COMPLETED', deletionTime: 60_000 });
    return destroyed(aws, sweeping(second));
  },
  (aws) => {
    aws.iot.createJob({ jobId: 'ota-1', status: 'COMPLETED', namespaceId: 'edge' });
    aws.iot.createJob({ jobId: 'ota-2', status: 'COMPLETED', executions: { inProgress: 1 } });
    const jobs = JobSelection.ids(['ota-1', 'ota-2']);
    return destroyed(aws, sweeping({ jobs, namespaceId: 'core' }));
  },
  (aws) => {
    aws.iot.createJob({ jobId: 'ota-1', status: 'IN_PROGRESS', tags: new Map([['app', 'ota']]) });
    aws.iot.createJob({ jobId: 'fw-1', status: 'IN_PROGRESS', namespaceId: 'edge' });
    const jobs = JobSelection.matching({ namespaceId: 'edge' });
    return destroyed(
      aws,
      synthesize((stack) => {
        const provider = new JobDeletionProvider(stack, 'Mine', { jobIdPatterns: ['ota-*'] });
        new JobSweep(stack, 'Sweep', { jobs, force: true, provider });
      }),
    );
  },
  (aws) => {
    aws.iot.createJob({ jobId: 'ota-1', status: 'COMPLETED' });
    refuseToDelete(aws);
    return destroyed(aws, sweeping({}));
  },
  (aws) => {
    aws.iot.createJob({ jobId: 'ota-1', status: 'IN_PROGRESS' });
    const none = JobSelection.matching({ jobIdPrefix: 'none-' });
    return updated(aws, sweeping({}), sweeping({ jobs: none }));
  },
  (aws) => {
    const later = (stack: Stack): JobSelection =>
      JobSelection.matching({ jobIdPrefix: new CfnParameter(stack, 'Prefix').valueAsString });
    const stack = synthesize((stack) => void new JobSweep(stack, 'Sweep', { jobs: later(stack) }));
    return aws.cloudFormation.createStack({ ...stack, parameters: { Prefix: 'a b' } });
  },
  (aws) => {
    const stack = synthesize((stack) => {
      const region = new CfnParameter(stack, 'Region').valueAsString;
      new JobDeletion(stack, 'Teardown', { jobId: 'a', region });
    });
    return aws.cloudFormation.createStack({ ...stack, parameters: { Region: 'eu-west-1' } });
  },
];

let aws: LocalAws;
beforeEach(async () => (aws = await startAws()));
afterEach(() => aws.close());

test('the page lists what is provoked here', () => {
  expect(documented).toHaveLength(provoke.length);
});

test.each(documented.map((text, index) => [text, index] as const))(
  '%s',
  async (text, index) => {
    const { events } = await provoke[index]!(aws);
    const reasons = failures(events);
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) {
      const [, message = reason] = FRAME.exec(reason) ?? [];
      expect(message.replaceAll(/role\/[\w-]+/g, 'role/ROLE')).toBe(text);
    }
    aws.responses.received.forEach(({ body }) => expect(Buffer.byteLength(body)).toBeLessThan(4_096));
  },
  120_000,
);
