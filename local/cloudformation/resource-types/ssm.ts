import type { ResourceType } from '../resource-type';
import { inventName, optionalText, requiredText } from '../resource-type';

/** AWS::SSM::Parameter: kept so that templates' SSM parameters find them. */
export function ssmParameterType(parameters: Map<string, string>): ResourceType {
  return {
    requiresReplacement: ['Name'],
    create(context) {
      const name = optionalText(context.properties, 'Name') ?? inventName(context);
      if (parameters.has(name)) {
        throw new Error(`Resource of type 'AWS::SSM::Parameter' with identifier '${name}' already exists.`);
      }
      const value = requiredText(context.properties, 'Value');
      parameters.set(name, value);
      return Promise.resolve({ physicalId: name, attributes: { Type: context.properties.Type, Value: value } });
    },
    update({ physicalId, properties }) {
      const value = requiredText(properties, 'Value');
      parameters.set(physicalId, value);
      return Promise.resolve({ physicalId, attributes: { Type: properties.Type, Value: value } });
    },
    delete({ physicalId }) {
      parameters.delete(physicalId);
      return Promise.resolve();
    },
  };
}
