import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CreateThingCommand, DescribeJobCommand, IoTClient, ListJobsCommand } from '@aws-sdk/client-iot';
import { readOptions, UsageError } from '../../local/options';

jest.setTimeout(60_000);

function local(...args: string[]): ChildProcess {
  const root = join(__dirname, '..', '..');
  return spawn(process.execPath, ['--import', 'tsx', 'local/main.ts', ...args], { cwd: root });
}

async function run(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = local(...args);
  const [stdout, stderr] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}

test('serves one region until it is told to end, logs each call in one line, and ends with 0', async () => {
  const child = local('--port', '0', '--deletion-time', '0.5');
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.once('close', () => reject(new Error(`It ended: ${output}`)));
    child.stdout!.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const match = /delete-job[^]*?$/.test(output) && /http:\/\/127\.0\.0\.1:\d+/.exec(output);
      if (match) {
        resolve(match[0]);
      }
    });
  });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new IoTClient({ endpoint: url, region: 'us-east-1', credentials });
  const elsewhere = new IoTClient({ endpoint: url, region: 'eu-west-1', credentials });
  await expect(elsewhere.send(new ListJobsCommand({}))).rejects.toThrow("'eu-west-1' is not us-east-1");
  const forged = 'a\n2026-11-23T00:00:00.000Z DeleteJob other-job ok\u001b[31m';
  await expect(client.send(new DescribeJobCommand({ jobId: forged }))).rejects.toThrow("at 'jobId' failed");
  await client.send(new CreateThingCommand({ thingName: 'example-thing' }));
  const ended = once(child, 'close');
  child.kill('SIGINT');
  expect(await ended).toStrictEqual([0, null]);
  client.destroy();
  elsewhere.destroy();
  expect(output).toContain(
    'DescribeJob a\\u{a}2026-11-23T00:00:00.000Z DeleteJob other-job ok\\u{1b}[31m InvalidRequest',
  );
  expect(output).not.toContain('\n2026-11-23');
  expect(output).toContain(`aws --endpoint-url ${url} iot delete-job --job-id example-job-04 --force`);
  expect(output).toMatch(/CreateThing ok\n$/);
});

test('--help', async () => {
  const { code, stdout } = await run('--help');
  expect(code).toBe(0);
  expect(stdout).toContain('--deletion-time <seconds>');
});

test.each([
  [['--port', '70000'], "--port is a number from 0 to 65535, not '70000'."],
  [['--deletion-time', 'soon'], "--deletion-time is a number of seconds such as 2 or 0.5, not 'soon'."],
  [['--regions', 'us-east-1,'], "--regions is a list such as us-east-1,eu-west-1, not 'us-east-1,'."],
  [['--prot', '1'], "Unknown option '--prot'"],
])('%j is refused', (args, message) => {
  expect(() => readOptions(args)).toThrow(UsageError);
  expect(() => readOptions(args)).toThrow(message);
});

test('what is refused is said, with the usage, and ends with 2', async () => {
  const { code, stderr } = await run('--port', '70000');
  expect(code).toBe(2);
  expect(stderr).toContain("--port is a number from 0 to 65535, not '70000'.\n");
  expect(stderr).toContain('Usage:');
});

test('a folder that is no cloud assembly is said, with the way to one', async () => {
  const { code, stderr } = await run('--port', '0', '--app', 'no-such-folder');
  expect(code).toBe(1);
  expect(stderr).toBe(
    'no-such-folder is not a cloud assembly: there is no such folder. A cloud assembly is the folder that "npx cdk synth" ' +
      'writes, cdk.out by default: run that first.\n',
  );
});

test('a port in use is said', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { code, stderr } = await run('--port', String(port));
  server.close();
  expect(code).toBe(1);
  expect(stderr).toContain(`Port ${port} of 127.0.0.1 is taken`);
});
