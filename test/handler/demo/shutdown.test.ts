import { endOnSignal } from '../../../src/handler/demo/shutdown';

function arrange(close: () => Promise<void>) {
  const listeners = new Map<string, () => void>();
  const seen = { lines: [] as string[], codes: [] as number[], nowMs: 1000 };
  endOnSignal(close, {
    on: (signal, listener) => listeners.set(signal, listener),
    write: (text) => seen.lines.push(...text.split('\n').filter((line) => line !== '')),
    exit: (code) => seen.codes.push(code),
    nowMs: () => seen.nowMs,
  });
  return { seen, send: (signal: NodeJS.Signals) => listeners.get(signal)!() };
}

const never = () => new Promise<void>(() => {});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s: one line, and exit 0 once all is closed', async (signal) => {
  let finish = () => {};
  const { seen, send } = arrange(() => new Promise((resolve) => (finish = resolve)));

  send(signal);
  expect(seen.lines).toHaveLength(1);
  expect(seen.codes).toEqual([]);
  finish();
  await new Promise(setImmediate);

  expect(seen).toMatchObject({ codes: [0], lines: { length: 1 } });
});

test('the same key press told twice is one', () => {
  const { seen, send } = arrange(never);

  send('SIGINT');
  seen.nowMs += 20;
  send('SIGINT');

  expect(seen.codes).toEqual([]);
  expect(seen.lines).toHaveLength(1);
});

test('the second key press ends it at once', () => {
  const { seen, send } = arrange(never);

  send('SIGINT');
  seen.nowMs += 600;
  send('SIGINT');

  expect(seen.codes).toEqual([1]);
});

test('a failed close is a failed exit', async () => {
  const { seen, send } = arrange(async () => {
    throw new Error('disk full');
  });

  send('SIGINT');
  await new Promise(setImmediate);

  expect(seen.codes).toEqual([1]);
});
