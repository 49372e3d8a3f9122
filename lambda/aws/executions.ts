import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';

/** The call of Step Functions that the handler makes. */
export class Executions {
  constructor(private readonly stepFunctions: SFNClient) {}

  /**
   * Starts an execution. Asked again with the same name and input while it runs, Step Functions says that it has started.
   *
   * @returns `exists` where the name is taken by an execution with another input, or one that has ended
   */
  async start(stateMachineArn: string, name: string, input: string): Promise<'started' | 'exists'> {
    try {
      await this.stepFunctions.send(new StartExecutionCommand({ stateMachineArn, name, input }));
      return 'started';
    } catch (error) {
      if (error instanceof ExecutionAlreadyExists) {
        return 'exists';
      }
      throw error;
    }
  }
}
