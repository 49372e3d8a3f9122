import type { ExistingResourceContext, Provisioned, ResourceType } from '../resource-type';
import { inventName, optionalText, requiredText } from '../resource-type';
import type { Properties } from '../stack';

/** What is needed of the embedded Step Functions. */
export interface StateMachines {
  createStateMachine(machine: { name: string; definition: string; roleArn: string }): string | Promise<string>;
  updateStateMachine(arn: string, changes: { definition: string; roleArn: string }): unknown;
  deleteStateMachine(arn: string): unknown;
}

/** AWS::StepFunctions::StateMachine. */
export function stateMachineType(machines: StateMachines): ResourceType {
  const settings = (properties: Properties): { definition: string; roleArn: string } => ({
    definition: requiredText(properties, 'DefinitionString'),
    roleArn: requiredText(properties, 'RoleArn'),
  });
  const provisioned = (arn: string): Provisioned => ({
    physicalId: arn,
    attributes: { Arn: arn, Name: arn.slice(arn.lastIndexOf(':') + 1) },
  });
  return {
    requiresReplacement: ['StateMachineName', 'StateMachineType'],
    async create(context) {
      const name = optionalText(context.properties, 'StateMachineName') ?? inventName(context, 80);
      return provisioned(await machines.createStateMachine({ name, ...settings(context.properties) }));
    },
    async update(context) {
      await machines.updateStateMachine(context.physicalId, settings(context.properties));
      return provisioned(context.physicalId);
    },
    async delete(context: ExistingResourceContext) {
      await machines.deleteStateMachine(context.physicalId);
    },
  };
}
