import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { IoTClient, ListJobsCommand } from '@aws-sdk/client-iot';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { exampleAccount } from '../../local/account';
import type { Service } from '../../local/api';
import { inProcess } from './in-process';

/** Where the calls of a function's clients go, and on whose behalf. */
export interface Route {
  readonly iot: Service;
  readonly cloudFormation: Service;
  readonly states: Service;
  readonly accessKeyId: string;
}

/** So many are made at a time: about as many as a program's function has environments. */
const AT_ONCE = 20;

const idle: Clients[] = [];
let making: Promise<unknown> | undefined;

/**
 * The SDK's clients of one environment of the function. They are used again by the next program: to make one and to
 * warm it up takes as long as a program.
 */
export class Clients {
  /** Clients whose calls go this way. No time may pass meanwhile: a client reads configuration files for its first call. */
  static async take(route: Route): Promise<Clients> {
    while (idle.length === 0) {
      await (making ??= Promise.all(Array.from({ length: AT_ONCE }, () => new Clients().warmUp())));
      making = undefined;
    }
    const clients = idle.pop()!;
    clients.route = route;
    return clients;
  }

  readonly iot: IoTClient;
  readonly cloudFormation: CloudFormationClient;
  readonly stepFunctions: SFNClient;
  private route?: Route;

  private constructor() {
    this.iot = new IoTClient(this.configuration(({ iot }) => iot));
    this.cloudFormation = new CloudFormationClient(this.configuration(({ cloudFormation }) => cloudFormation));
    this.stepFunctions = new SFNClient(this.configuration(({ states }) => states));
  }

  /** Nobody uses them any more. */
  release(): void {
    this.route = undefined;
    idle.push(this);
  }

  private async warmUp(): Promise<void> {
    await Promise.allSettled([
      this.iot.send(new ListJobsCommand({})),
      this.cloudFormation.send(new DescribeStacksCommand({})),
      this.stepFunctions.send(new ListStateMachinesCommand({})),
    ]);
    idle.push(this);
  }

  private configuration(of: (route: Route) => Service): { region: string } {
    const requestHandler: ReturnType<typeof inProcess> = {
      handle: (request) =>
        this.route
          ? inProcess(of(this.route), this.route.accessKeyId).handle(request)
          : Promise.reject(new Error('The first call only warms the client up.')),
    };
    const credentials = { accessKeyId: 'AKIANOBODY', secretAccessKey: 'secret' };
    // Nobody here looks at signatures.
    const signer = { sign: (request: unknown) => Promise.resolve(request) };
    const { region } = exampleAccount;
    return { region, maxAttempts: 1, cacheMiddleware: true, credentials, requestHandler, signer } as { region: string };
  }
}
