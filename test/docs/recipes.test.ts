import { readdirSync, readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { firstScreen } from '../../examples/first-screen';
import { DELETE_JOB_USAGE } from '../../operator/delete-job/options';
import { PLAN_USAGE } from '../../operator/plan/options';
import { SWEEP_USAGE } from '../../operator/sweep/options';
import { USAGE } from '../../rehearsal/command/options';
import { replace, retain } from './migration';

interface Block {
  readonly page: string;
  readonly language: string;
  /** The file that the block is taken from, or the test that runs it, as the block says after its language. */
  readonly from: string;
  readonly text: string;
}

const PAGES = ['README.md', 'CONTRIBUTING.md', ...documents()];

/** Where blocks come from that don't say so themselves: their page, and what proves them. */
const SOURCES: Readonly<Record<string, string>> = {
  'README.md ts': 'examples/first-screen.ts',
  'docs/local.md ts': 'packaging/try-recipes.ts',
  'docs/local.md ts vitest': 'packaging/try-recipes.ts',
  'docs/local.md ts node:test': 'packaging/try-recipes.ts',
  'docs/commands.md json': 'test/operator/policies.test.ts',
};

/** Programs that are not ours; `packaging/new-user.ts` runs those of the README. */
const FOREIGN = /^(git clone|cd|npm (ci|test|start|install)|npx cdk synth|\.ci\/run)\b/;

const USAGES: Readonly<Record<string, string>> = {
  'delete-job': DELETE_JOB_USAGE,
  plan: PLAN_USAGE,
  rehearse: USAGE,
  sweep: SWEEP_USAGE,
};

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

const blocks = PAGES.flatMap((page) => blocksOf(page, readFileSync(page, 'utf8')));

test('there are blocks of each kind', () => {
  expect(new Set(blocks.map(({ language }) => language))).toEqual(new Set(['json', 'mermaid', 'sh', 'text', 'ts', '']));
});

test.each(blocks.map((block) => [block.page, block.text.split('\n')[0]!.trim(), block] as const))(
  '%s: %s',
  (_, __, block) => expect(faultOf(block)).toBeUndefined(),
);

test.each([
  ['a line that the file does not have', 'ts examples/one-job.ts', 'new JobDeletion(stack, 1);', 'not in'],
  ['a file that does not exist', 'ts examples/nowhere.ts', 'x', 'no such file'],
  ['a block from nowhere', 'ts', 'x', 'says no source'],
  ['another language', 'python', 'x', 'says no source'],
  ['an unknown script', 'sh', 'npm run nothing', 'no script "nothing"'],
  ['an unknown option', 'sh', 'npx cdk-iot-job-deletion plan --stacks x', 'plan has no option --stacks'],
  ['an unknown command', 'sh', 'npx cdk-iot-job-deletion plans', 'no command "plans"'],
  ['an unknown program', 'sh', 'rm -r x', 'not run by any test'],
])('a planted fault is found: %s', (_, info, text, fault) => {
  const [block] = blocksOf('planted.md', `\`\`\`${info}\n${text}\n\`\`\`\n`);
  expect(faultOf(block!)).toContain(fault);
});

test("the README's first screen synthesizes", () => {
  const template = synthesized(firstScreen);
  template.resourceCountIs('Custom::IoTJobDeletion', 2);
  template.resourceCountIs('Custom::IoTJobSweep', 1);
});

test('migrating: the old resource is retained, the new one deletes the same job', () => {
  const inStack = (make: (stack: Stack) => void) => (app: App) => make(new Stack(app, 'Migration'));
  synthesized(inStack(retain)).hasResource('Custom::AWS', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  synthesized(inStack(replace)).hasResourceProperties('Custom::IoTJobDeletion', { JobId: 'ota-2026-11' });
});

function synthesized(make: (app: App) => void): Template {
  const app = new App();
  make(app);
  return Template.fromStack(app.node.findAll().find((construct) => Stack.isStack(construct))!);
}

function blocksOf(page: string, markdown: string): Block[] {
  return [...markdown.matchAll(/^( *)```(\S*) *(.*)\n([^]*?)^\1```$/gm)].map(
    ([, , language = '', from = '', text = '']) => ({ page, language, from, text: text.trimEnd() }),
  );
}

/** What keeps a reader from pasting a block, if anything does. */
function faultOf({ page, language, from, text }: Block): string | undefined {
  switch (language) {
    // Messages (test/e2e/messages.test.ts), queries and diagrams: nobody runs them in a shell or an app.
    case '':
    case 'mermaid':
    case 'text':
      return undefined;
    case 'sh':
      return text
        .split('\n')
        .map((line) => commandFault(line.trim()))
        .find((fault) => fault !== undefined);
    default: {
      const source = /^\S+\/\S+$/.test(from) ? from : SOURCES[`${page} ${language} ${from}`.trim()];
      return source === undefined ? `${page}: a block of ${language} says no source` : sourceFault(page, source, text);
    }
  }
}

/** A test or a script proves a block if it reads its page; any other file if it has the block's lines. */
function sourceFault(page: string, source: string, text: string): string | undefined {
  const content = read(source);
  if (content === undefined) {
    return `no such file: ${source}`;
  }
  if (/\.test\.ts$|^packaging\//.test(source)) {
    return content.includes(`'${page.split('/').at(-1)!}'`) || content.includes(page)
      ? undefined
      : `${source} does not read ${page}`;
  }
  const missing = text.split('\n\n').find((part) => !flat(content).includes(flat(part)));
  return missing === undefined ? undefined : `not in ${source}: ${missing}`;
}

function commandFault(line: string): string | undefined {
  const command = line.replace(/ +#.*$/, '').replace(/^\((.*)\)$/, '$1');
  for (const part of command.split(' && ')) {
    const [, script] = /^npm run (\S+)$/.exec(part) ?? [];
    const [, verb, options] = /^npx cdk-iot-job-deletion (\S+)(.*)$/.exec(part) ?? [];
    if (script !== undefined) {
      if (!scripts[script]) {
        return `no script "${script}"`;
      }
    } else if (verb !== undefined) {
      const usage = USAGES[verb];
      if (usage === undefined) {
        return `no command "${verb}"`;
      }
      const unknown = options!.match(/--[a-z-]+/g)?.find((option) => !new RegExp(`${option}(?![a-z-])`).test(usage));
      if (unknown) {
        return `${verb} has no option ${unknown}`;
      }
    } else if (!FOREIGN.test(part)) {
      return `not run by any test: ${part}`;
    }
  }
  return undefined;
}

function flat(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .trim();
}

/** Every page of the docs. */
function documents(): string[] {
  const files = readdirSync('docs', { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
