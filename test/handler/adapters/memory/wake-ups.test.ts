import { getEventListeners } from 'node:events';
import { createMemoryWakeUps } from '../../../../src/handler/adapters/memory/wake-ups';

const LONG_MS = 60_000;

/** Milliseconds until it is done. */
async function timed(waiting: Promise<void>): Promise<number> {
  const begun = performance.now();
  await waiting;
  return performance.now() - begun;
}

test('an announcement wakes everyone who waits for that payment, at once', async () => {
  const wakeUps = createMemoryWakeUps();
  const { signal } = new AbortController();
  const waiting = [wakeUps.wait('pay_1', LONG_MS, signal), wakeUps.wait('pay_1', LONG_MS, signal)];

  wakeUps.announce('pay_1');

  expect(await timed(Promise.all(waiting).then(() => undefined))).toBeLessThan(1_000);
});

test('an announcement of another payment wakes nobody', async () => {
  const wakeUps = createMemoryWakeUps();
  const waiting = timed(wakeUps.wait('pay_1', 30, new AbortController().signal));

  wakeUps.announce('pay_2');

  expect(await waiting).toBeGreaterThanOrEqual(25);
});

test('an announcement before the wait is not kept', async () => {
  const wakeUps = createMemoryWakeUps();
  wakeUps.announce('pay_1');

  expect(await timed(wakeUps.wait('pay_1', 30, new AbortController().signal))).toBeGreaterThanOrEqual(25);
});

test('an abort ends the wait, an early one at once', async () => {
  const wakeUps = createMemoryWakeUps();
  const abort = new AbortController();
  const waiting = wakeUps.wait('pay_1', LONG_MS, abort.signal);

  abort.abort();

  expect(await timed(waiting)).toBeLessThan(1_000);
  expect(await timed(wakeUps.wait('pay_1', LONG_MS, abort.signal))).toBeLessThan(1_000);
});

test('nothing is left of a wait that has ended', async () => {
  const wakeUps = createMemoryWakeUps();
  const { signal } = new AbortController();

  const waiting = wakeUps.wait('pay_1', LONG_MS, signal);
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  wakeUps.announce('pay_1');
  await waiting;

  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('who comes when the house is full waits its time instead', async () => {
  const wakeUps = createMemoryWakeUps(1);
  const { signal } = new AbortController();
  const first = wakeUps.wait('pay_1', LONG_MS, signal);
  const second = timed(wakeUps.wait('pay_1', 30, signal));

  wakeUps.announce('pay_1');

  await first;
  expect(await second).toBeGreaterThanOrEqual(25);
  const third = wakeUps.wait('pay_1', LONG_MS, signal); // there is room again
  wakeUps.announce('pay_1');
  await third;
});
