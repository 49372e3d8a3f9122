import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { IoTClient } from '@aws-sdk/client-iot';
import { logTo } from '../../lambda/words/log';
import type { LocalAws } from '../../local/aws';
import type { TemplateBody } from '../../local/cloudformation/template-body';
import { makePlan } from '../../operator/plan/make-plan';
import type { Plan } from '../../operator/plan/plan';
import { OperatorCalls } from '../../operator/calls';
import { processConsole } from '../../operator/console';
import { Progress } from '../../operator/progress';
import { RememberedJobs } from '../../operator/plan/remembered-jobs';

/** The plan of a stack in the embedded AWS, over the wire, in its time. */
export async function planOf(
  aws: LocalAws,
  stackName = 'S',
  template?: TemplateBody,
  accessKeyId = 'AKIAPERSON',
): Promise<Plan> {
  const configuration = {
    endpoint: aws.endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'x' },
    maxAttempts: 1,
  };
  const clock = Object.assign(Object.create(aws.clock) as typeof aws.clock, { random: () => 0.5 });
  const console = { ...processConsole, clock, stderr: { write: () => true } };
  const calls = new OperatorCalls({
    account: {
      home: { partition: 'aws', region: 'us-east-1', account: '123456789012' },
      arn: 'a person',
      clientOf: () => {
        throw new Error('The clients are made here.');
      },
      close: () => undefined,
    },
    console,
    progress: new Progress(console),
    until: clock.now() + 120_000,
    stackName,
  });
  const cloudFormation = new CloudFormationClient(configuration);
  const clients: IoTClient[] = [];
  const jobs = new Map<string | undefined, RememberedJobs>();
  const jobsIn = (region: string | undefined): RememberedJobs => {
    const known = jobs.get(region);
    if (known) {
      return known;
    }
    const client = new IoTClient({ ...configuration, ...(region === undefined ? {} : { region }) });
    clients.push(client);
    const made = new RememberedJobs(client);
    jobs.set(region, made);
    return made;
  };
  logTo(() => undefined);
  try {
    return await makePlan({ stackName, template, cloudFormation, jobsIn, calls, clock });
  } finally {
    cloudFormation.destroy();
    clients.forEach((client) => client.destroy());
    logTo((line) => void process.stdout.write(line));
  }
}
