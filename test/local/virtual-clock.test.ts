import { readFile } from 'node:fs/promises';
import { createServer, get, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { VirtualClock } from '../../local/virtual-clock';

const HOUR = 3_600_000;

let clock: VirtualClock;
beforeEach(() => (clock = new VirtualClock(0)));
afterEach(() => clock.close());

/** Notes the time at which something has come true. */
function noted(log: string[], what: string): () => void {
  return () => void log.push(`${what} at ${clock.now()}`);
}

/** A GET request to a server of this process that answers as it is told. */
async function request(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_, response) => answer(response)).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  try {
    return await new Promise((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      get({ host: '127.0.0.1', port }, (response) => resolve(text(response))).on('error', reject);
    });
  } finally {
    server.close();
  }
}

test('whoever sleeps is woken up in the order in which it is due, those of the same time in the order of their coming', async () => {
  const log: string[] = [];
  await Promise.all([
    clock.sleep(2 * HOUR).then(noted(log, 'last')),
    clock.sleep(HOUR).then(noted(log, 'first')),
    clock.sleep(HOUR).then(noted(log, 'second')),
  ]);
  expect(log).toEqual([`first at ${HOUR}`, `second at ${HOUR}`, `last at ${2 * HOUR}`]);
});

test('who gives up is not waited for', async () => {
  const over = new AbortController();
  const sleep = clock.sleep(HOUR, over.signal);
  over.abort(new Error('enough'));
  await expect(sleep).rejects.toThrow('enough');
  await expect(clock.sleep(HOUR, over.signal)).rejects.toThrow('enough');
  await clock.sleep(5);
  expect(clock.now()).toBe(5);
});

test('time stands still while a file is read', async () => {
  const log: string[] = [];
  const sleep = clock.sleep(1).then(noted(log, 'woken'));
  for (let i = 0; i < 20; i++) {
    await readFile(__filename);
  }
  noted(log, 'read')();
  await sleep;
  expect(log).toEqual(['read at 0', 'woken at 1']);
});

test('time stands still while a request or its response is on its way', async () => {
  const log: string[] = [];
  const sleep = clock.sleep(1).then(noted(log, 'woken'));
  for (let i = 0; i < 20; i++) {
    await request((response) => response.end('x'.repeat(1_000_000)));
  }
  noted(log, 'answered')();
  await sleep;
  expect(log).toEqual(['answered at 0', 'woken at 1']);
});

test('time passes while a server of this process waits for it', async () => {
  const answer = await request((response) => void clock.sleep(HOUR).then(() => response.end(String(clock.now()))));
  expect(answer).toBe(String(HOUR));
});

test('once it is closed, nobody is woken up', async () => {
  const log: string[] = [];
  void clock.sleep(1).then(noted(log, 'woken'));
  clock.close();
  await readFile(__filename);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(log).toEqual([]);
});
