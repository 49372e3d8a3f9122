import { App } from 'aws-cdk-lib';
import { alarm } from './alarm';
import { anotherAccount } from './another-account';
import { declaredJob } from './declared-job';
import { firstScreen } from './first-screen';
import { oneJob } from './one-job';
import { otaFleet } from './ota-fleet';
import { pipeline } from './pipeline';
import { sharedProvider } from './shared-provider';

/** What `npm run example -- NAME` synthesizes into `cdk.out/`. */
const EXAMPLES: Readonly<Record<string, (app: App) => void>> = {
  'first-screen': firstScreen,
  'one-job': oneJob,
  'declared-job': (app) => declaredJob(app),
  pipeline,
  'ota-fleet': otaFleet,
  'shared-provider': sharedProvider,
  'another-account': anotherAccount,
  alarm,
};

const [name = ''] = process.argv.slice(2);
const example = EXAMPLES[name];
if (example) {
  const app = new App({ outdir: 'cdk.out' });
  example(app);
  const { directory, stacksRecursively } = app.synth();
  process.stdout.write(stacksRecursively.map(({ templateFullPath }) => `${templateFullPath}\n`).join(''));
  process.stdout.write(
    `Rehearse its teardown: node --import tsx rehearsal/command/main.ts rehearse --app ${directory}\n`,
  );
} else {
  const isHelp = name === '--help' || name === '-h';
  const usage = `npm run example -- NAME, one of: ${Object.keys(EXAMPLES).join(', ')}\n`;
  process[isHelp ? 'stdout' : 'stderr'].write(usage);
  process.exitCode = isHelp ? 0 : 2;
}
