import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
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
): Promise<Told> {
  const options = parseOptions(['rehearse', ...args]) as Options;
  if (typeof app !== 'string') {
    return told(app, options, time);
  }
  const folder = mkdtempSync(join(tmpdir(), 'in-process-'));
  try {
    return await told(synthesizedHere(app, folder), options, time);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function told(assembly: CloudAssembly, options: Options, time: Time): Promise<Told> {
  let text = '';
  const terminal = new Terminal({ isTTY: false, write: (part: unknown) => ((text += String(part)), true) });
  const rehearsal = await rehearse(assembly, options, terminal, new AbortController().signal, time);
  return { ...rehearsal, text };
}

/** An App in a file synthesizes itself before its process exits: here, as soon as the file is loaded. */
function synthesizedHere(file: string, folder: string): CloudAssembly {
  const before = process.listeners('beforeExit');
  const { CDK_OUTDIR, CDK_CONTEXT_JSON } = process.env;
  Object.assign(process.env, {
    CDK_OUTDIR: folder,
    CDK_CONTEXT_JSON: JSON.stringify({ '@aws-cdk/core:failSynthOnValidationErrors': false }),
  });
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    require(file);
    for (const synthesize of process.listeners('beforeExit').filter((each) => !before.includes(each))) {
      process.off('beforeExit', synthesize);
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
