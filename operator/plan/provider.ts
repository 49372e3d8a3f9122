import type { Home } from '../../lambda/aws/place';
import type { Surroundings } from '../../lambda/request/surroundings';
import { isRecord } from '../../local/cloudformation/intrinsic-call';
import type { DeployedStack } from './deployed-stack';
import type { SentProperties } from './sent-properties';
import { type Declared, type TemplateValues, UNKNOWN } from './template-values';

/**
 * What a provider may touch, as its function's variables say; nothing where its function is in none of these stacks.
 */
export function providerOf(
  declared: Declared,
  values: TemplateValues,
  stacks: readonly DeployedStack[],
): Omit<Surroundings, 'home'> | undefined {
  const token = values.sent(declared.properties.ServiceToken);
  const name = typeof token === 'string' ? token.split(':')[6] : undefined;
  for (const stack of stacks) {
    const found = stack.resources.find(
      ({ type, physicalId }) => type === 'AWS::Lambda::Function' && physicalId === name,
    );
    const { Environment } = (found && stack.values.declared(found.logicalId)?.properties) ?? {};
    if (found) {
      const { Variables } = isRecord(Environment) ? Environment : {};
      const of = (name: string): unknown => (isRecord(Variables) ? stack.values.sent(Variables[name]) : undefined);
      const [patterns, regions, roles] = ['JOB_ID_PATTERNS', 'REGIONS', 'ASSUMABLE_ROLES'].map(of);
      if ([patterns, regions, roles].includes(UNKNOWN)) {
        return undefined;
      }
      return {
        patterns: list(patterns) ?? ['*'],
        regions: list(regions) ?? [],
        assumableRoles: list(roles) ?? [],
      };
    }
  }
  return undefined;
}

/**
 * Everything that a provider could be which is not known: it served the resource when that was created, so it may use
 * the resource's region and role; its patterns may since be any.
 */
export function possibleProviders(
  provider: Omit<Surroundings, 'home'> | undefined,
  { sent: { Region, AssumeRole } }: SentProperties,
  home: Home,
): readonly Surroundings[] {
  if (provider) {
    return [{ ...provider, home }];
  }
  const regions = typeof Region === 'string' ? [Region] : [];
  const assumableRoles = isRecord(AssumeRole) ? [String(AssumeRole.RoleArn)] : [];
  return [['*'], []].map((patterns) => ({ home, patterns, regions, assumableRoles }));
}

function list(variable: unknown): readonly string[] | undefined {
  return typeof variable === 'string' ? variable.split(',').filter((each) => each !== '') : undefined;
}
