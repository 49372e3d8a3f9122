import { Interrupted, interruptibly } from '../../rehearsal/interruption';

const signals = ['SIGINT', 'SIGTERM'] as const;
const before = new Map(signals.map((signal) => [signal, process.listeners(signal)]));
afterEach(() => {
  for (const signal of signals) {
    const added = process.listeners(signal).filter((each) => !before.get(signal)!.includes(each));
    added.forEach((each) => process.off(signal, each));
  }
});

function listeners(): readonly number[] {
  return signals.map((signal) => process.listenerCount(signal));
}

test('after what was not interrupted nobody listens', async () => {
  const counts = listeners();
  expect(await interruptibly(() => Promise.resolve(7))).toBe(7);
  expect(listeners()).toStrictEqual(counts);
});

test('the first signal lets it clean up', async () => {
  const cleanedUp = interruptibly(
    (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => setImmediate(() => reject(signal.reason as Error)));
      }),
  );
  process.emit('SIGTERM', 'SIGTERM');
  await expect(cleanedUp).rejects.toMatchObject({ by: 'SIGTERM', exitCode: 143 });
});

test('the second does not wait for that, and no later one cuts short what the process says in the end', async () => {
  const stuck = interruptibly(() => new Promise(() => undefined));
  const counts = listeners();
  process.emit('SIGINT', 'SIGINT');
  process.emit('SIGINT', 'SIGINT');
  await expect(stuck).rejects.toThrow(Interrupted);
  expect(listeners()).toStrictEqual(counts);
});
