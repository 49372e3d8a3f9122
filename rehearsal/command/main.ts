import { runOperator } from '../../operator/main';
import { outliveReaders } from '../readers';
import { runCommand } from '../usage';
import { rehearseCommand } from './command';

const [verb, ...rest] = process.argv.slice(2);

outliveReaders();

void (verb === 'delete-job' || verb === 'plan' || verb === 'sweep'
  ? runOperator(verb, rest).then(exit)
  : runCommand(rehearseCommand));

/** What was interrupted may still wait or hold connections: nothing of that keeps the process. */
function exit(code: number): void {
  process.exitCode = code;
  process.stdout.write('', () => process.exit());
}
