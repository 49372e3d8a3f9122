import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { CloudAssembly, DISABLE_CREATION_STACK_TRACES } from 'aws-cdk-lib/cx-api';
import { type Account, exampleAccount } from '../../local';
import { parseOptions, type Options } from '../../rehearsal/command/options';
import { type Rehearsal, rehearse } from '../../rehearsal/command/rehearse';
import type { Time } from '../../rehearsal/command/stage';
import { Terminal } from '../../rehearsal/terminal';

/** A rehearsal, and what it told. */
export interface Told extends Rehearsal {
  readonly text: string;
}

/**
 * Rehearses an app as the command does, in this process and in virtual time: a file that makes an App when it is loaded,
 * or an assembly.
 */
export async function rehearseHere(
  app: string | CloudAssembly,
  args: readonly string[] = [],
  time: Time = { virtualTime: true },
  home: Account = exampleAccount,
): Promise<Told> {
  const options = parseOptions(['rehearse', ...args]) as Options;
  const assembly = typeof app === 'string' ? synthesizedHere(app) : app;
  let text = '';
  const terminal = new Terminal({ isTTY: false, write: (part: unknown) => ((text += String(part)), true) });
  const rehearsal = await rehearse(assembly, home, options, terminal, new AbortController().signal, time);
  return { ...rehearsal, text };
}

/** A module is loaded once in a test file, so it is synthesized once. */
const assemblies = new Map<string, CloudAssembly>();
afterAll(() => assemblies.forEach(({ directory }) => rmSync(directory, { recursive: true })));

/** The assembly of an app in a file, which makes an App when it is loaded. */
export function synthesizedHere(file: string): CloudAssembly {
  const assembly = assemblies.get(file) ?? synthesized(file);
  assemblies.set(file, assembly);
  return assembly;
}

/** The process of Node's own realm, where CDK is loaded: a test has a copy. */
const ownProcess = runInThisContext('process') as NodeJS.Process;

/** An App in a file synthesizes itself before its process exits: here, as soon as the file is loaded. */
function synthesized(file: string): CloudAssembly {
  const folder = mkdtempSync(join(tmpdir(), 'in-process-'));
  const before = ownProcess.listeners('beforeExit');
  const { CDK_OUTDIR, CDK_CONTEXT_JSON } = process.env;
  Object.assign(process.env, {
    CDK_OUTDIR: folder,
    // Where each resource was made is told nowhere here, and takes a while to find out.
    CDK_CONTEXT_JSON: JSON.stringify({
      '@aws-cdk/core:failSynthOnValidationErrors': false,
      [DISABLE_CREATION_STACK_TRACES]: true,
    }),
  });
  try {
    // oxlint-disable-next-line typescript/no-require-imports
    require(file);
    for (const synthesize of ownProcess.listeners('beforeExit').filter((each) => !before.includes(each))) {
      ownProcess.off('beforeExit', synthesize);
      synthesize(0);
    }
  } finally {
    Object.assign(process.env, { CDK_OUTDIR, CDK_CONTEXT_JSON });
    if (CDK_OUTDIR === undefined) {
      delete process.env.CDK_OUTDIR;
      delete process.env.CDK_CONTEXT_JSON;
    }
  }
  return new CloudAssembly(folder);
}
