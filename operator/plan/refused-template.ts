import { dependencyGraph, requireDeclared } from '../../local/cloudformation/dependencies';
import { isRecord } from '../../local/cloudformation/intrinsic-call';
import { LANGUAGE_EXTENSIONS, transformsOf } from '../../local/cloudformation/language-extensions';
import type { TemplateBody } from '../../local/cloudformation/template-body';
import { readRecord, requireFormat, section } from '../../local/cloudformation/template-format';
import { UsageError } from '../../rehearsal/usage';
import { type TemplateValues, UNKNOWN } from './template-values';

/** A macro or a loop may add what the template does not declare: such a template is not judged. */
function isJudged(template: TemplateBody): boolean {
  const hasMacro = transformsOf(template).some((name) => name !== LANGUAGE_EXTENSIONS);
  return !hasMacro && !JSON.stringify(template).includes('"Fn::ForEach::');
}

/** A template that CloudFormation accepts without knowing a value. @throws in CloudFormation's words for one that it refuses */
export function acceptable(template: TemplateBody): TemplateBody {
  if (isJudged(template)) {
    requireFormat(template, { lenient: true, hasMacro: false });
    requireDeclared(template, true);
  }
  return template;
}

/**
 * Refuses the template of an update where a resource needs another whose condition does not hold, and where resources
 * need each other. It is the embedded CloudFormation's own check. What an unknown condition decides refuses nothing.
 *
 * @throws UsageError in CloudFormation's words
 */
export function requireDependencies(values: TemplateValues): void {
  const { template } = values;
  if (!isJudged(template)) {
    return;
  }
  try {
    dependencyGraph({
      body: template,
      resources: held(values, 'Resources', ({ Properties }, isSure) => ({ properties: isSure ? Properties : {} })),
      outputs: held(values, 'Outputs', ({ Value, Export }, isSure) =>
        isSure ? { value: Value, exportName: isRecord(Export) ? Export.Name : undefined } : { value: {} },
      ),
      condition: (name) => values.condition(name),
      lenient: true,
      hasMacro: false,
    });
  } catch (error) {
    throw new UsageError(`CloudFormation refuses the template: ${(error as Error).message}.`, { cause: error });
  }
}

/** The members of a section whose condition holds, or may hold. */
function held<T>(
  values: TemplateValues,
  name: 'Resources' | 'Outputs',
  read: (definition: Readonly<Record<string, unknown>>, isSure: boolean) => T,
): ReadonlyMap<string, T> {
  return new Map(
    Object.entries(section(values.template, name)).flatMap(([member, value]) => {
      const definition = readRecord(member, value);
      const { Condition } = definition;
      if (typeof Condition === 'string') {
        values.condition(Condition);
      }
      const holds = values.holds({ definition });
      return holds === false ? [] : [[member, read(definition, holds !== UNKNOWN)] as const];
    }),
  );
}
