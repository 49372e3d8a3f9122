import { randomUUID } from 'node:crypto';
import type { ExistingResourceContext, Provisioned, ResourceType } from '../resource-type';
import { inventName, optionalText, requiredText } from '../resource-type';
import { isRecord } from '../intrinsic-call';
import type { Properties } from '../stack';

/** What is needed of the embedded Step Functions. */
export interface StateMachines {
  createStateMachine(machine: { name: string; definition: string; roleArn: string }): string | Promise<string>;
  updateStateMachine(arn: string, changes: { definition: string; roleArn: string }): unknown;
  deleteStateMachine(arn: string): unknown;
}

/**
 * AWS::StepFunctions::StateMachine. Logging, tracing, encryption and tags are accepted and change nothing, because
 * nobody looks at them here.
 */
export function stateMachineType(machines: StateMachines): ResourceType {
  const settings = (properties: Properties): { definition: string; roleArn: string } => ({
    definition: definitionOf(properties),
    roleArn: requiredText(properties, 'RoleArn'),
  });
  const provisioned = (arn: string, StateMachineRevisionId: string): Provisioned => ({
    physicalId: arn,
    attributes: { Arn: arn, Name: arn.slice(arn.lastIndexOf(':') + 1), StateMachineRevisionId },
  });
  return {
    requiresReplacement: ['StateMachineName', 'StateMachineType'],
    async create(context) {
      const name = optionalText(context.properties, 'StateMachineName') ?? inventName(context, 80);
      return provisioned(await machines.createStateMachine({ name, ...settings(context.properties) }), 'INITIAL');
    },
    async update(context) {
      await machines.updateStateMachine(context.physicalId, settings(context.properties));
      return provisioned(context.physicalId, randomUUID());
    },
    async delete(context: ExistingResourceContext) {
      await machines.deleteStateMachine(context.physicalId);
    },
  };
}

/** The definition as text, with its substitutions made. */
function definitionOf(properties: Properties): string {
  const { Definition, DefinitionSubstitutions = {} } = properties;
  if (Definition === undefined && properties.DefinitionString === undefined) {
    throw new Error('Property validation failure: the embedded AWS takes DefinitionString or Definition.');
  }
  const text = isRecord(Definition) ? JSON.stringify(Definition) : requiredText(properties, 'DefinitionString');
  return Object.entries(DefinitionSubstitutions as Properties).reduce(
    (definition, [name, value]) => definition.replaceAll(`\${${name}}`, () => String(value)),
    text,
  );
}
