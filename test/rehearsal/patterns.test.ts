import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { rehearseHere } from './in-process';

jest.setTimeout(60_000);

/** Small apps as public ones are: whatever stands beside the jobs, the rehearsal comes to an end and has evidence. */
const PATTERNS = join(__dirname, 'patterns');

test.each(readdirSync(PATTERNS).map((file) => file.replace(/\.ts$/, '')))('%s', async (name) => {
  const { result } = await rehearseHere(join(PATTERNS, name));
  expect(result.deletions.map(({ result: shown, reason }) => `${shown}: ${reason}`)).toEqual(
    result.deletions.map(() => expect.stringMatching(/^PASS: \d+ jobs? (deleted|kept, as retained)$/) as string),
  );
  expect([result.verdict, result.reason]).toEqual(['PASS', expect.stringMatching(/as expected\.$|deleted\.$/)]);
});
