import type { DeployTo } from '../options';
import type { Deletion } from './deletions';

/** A job that a rehearsal has made. */
export interface MadeJob {
  /** The one that deletes it, or retains it. */
  readonly deletion: Pick<Deletion, 'stackName' | 'logicalId' | 'retained'>;
  readonly jobId: string;
  readonly region: string;
  readonly namespaceId?: string;
}

/** Everything that a rehearsal has made and not taken away again, with the commands that do. */
export class Belongings {
  readonly jobs = new Set<MadeJob>();
  /** By name, in the order of deployment; the value is what `cdk destroy` calls it. */
  readonly stacks = new Map<string, string>();
  /** The regions in which the thing is. */
  readonly thingIn = new Set<string>();

  constructor(
    readonly thingName: string,
    private readonly options: { readonly app?: string; readonly deployTo: DeployTo },
  ) {}

  /** Whether a job is the rehearsal's own. */
  has(jobId: string, region: string): boolean {
    return [...this.jobs].some((job) => job.jobId === jobId && job.region === region);
  }

  /** The commands that take away what is left; none if nothing is. */
  get commands(): readonly string[] {
    const { app, deployTo } = this.options;
    const endpoint = deployTo.endpoint ? `AWS_ENDPOINT_URL=${deployTo.endpoint.href} ` : '';
    const ofApp = app === undefined ? '' : ` --app '${app}'`;
    // An active job would make the stack's own deletion fail again.
    return [
      ...[...this.jobs].map(({ jobId, namespaceId, region }) => {
        const inNamespace = namespaceId === undefined ? '' : ` --namespace-id ${namespaceId}`;
        return `aws iot delete-job --job-id ${jobId} --force${inNamespace} --region ${region}`;
      }),
      ...[...this.stacks.values()].reverse().map((id) => `npx cdk destroy '${id}'${ofApp}`),
      ...[...this.thingIn].map((region) => `aws iot delete-thing --thing-name ${this.thingName} --region ${region}`),
    ].map((command) => endpoint + command);
  }
}
