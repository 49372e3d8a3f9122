import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { type Home, homeOf } from '../../lambda/aws/place';
import { UsageError } from '../../rehearsal/usage';
import { acceptable } from './refused-template';
import { parseTemplate, type TemplateBody } from '../../local/cloudformation/template-body';

/** Reads `--template`: a file, or the stack's own template in the folder of a cloud assembly. */
export function readTemplate(path: string, nameOrArn: string): (home: Home) => TemplateBody {
  try {
    if (!statSync(path).isDirectory()) {
      const template = acceptable(parseTemplate(readFileSync(path, 'utf8')));
      return () => template;
    }
    if (!existsSync(join(path, 'manifest.json'))) {
      throw new Error('the folder is not a cloud assembly: it has no manifest.json');
    }
    const candidates = stacksNamed(new CloudAssembly(path), nameOf(nameOrArn));
    return (home) => templateIn(path, candidates, home);
  } catch (error) {
    throw new Error(`--template ${path}: ${(error as Error).message}`, { cause: error });
  }
}

type SynthesizedStack = CloudAssembly['stacks'][number];

/** `arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/ID` */
function nameOf(nameOrArn: string): string {
  return homeOf(nameOrArn) ? (nameOrArn.split('/')[1] ?? nameOrArn) : nameOrArn;
}

function stacksNamed({ stacksRecursively }: CloudAssembly, name: string): readonly SynthesizedStack[] {
  const named = stacksRecursively.filter(({ stackName }) => stackName === name);
  if (named.length === 0) {
    const names = [...new Set(stacksRecursively.map(({ stackName }) => stackName))].join(', ');
    throw new Error(`there is no stack "${name}", only ${names || 'none'}`);
  }
  return named;
}

/** A name is unique only in an account and region: a stack that leaves them open may be in any. */
function templateIn(path: string, candidates: readonly SynthesizedStack[], { account, region }: Home): TemplateBody {
  const fitting = candidates.filter(
    ({ environment }) =>
      ['unknown-account', account].includes(environment.account) &&
      ['unknown-region', region].includes(environment.region),
  );
  const [stack, ...more] = fitting;
  if (!stack || more.length > 0) {
    const found = (stack ? fitting : candidates).map(({ hierarchicalId }) => hierarchicalId).join(', ');
    throw new UsageError(
      stack
        ? `--template ${path}: several stacks have that name in ${region} of account ${account}: ${found}. Give the template's file.`
        : `--template ${path}: no stack of that name is in ${region} of account ${account}: ${found} is elsewhere.`,
    );
  }
  try {
    return acceptable(stack.template as TemplateBody);
  } catch (error) {
    throw new UsageError(`--template ${path}: ${(error as Error).message}`, { cause: error });
  }
}
