/** The log: what a line is made of, when it goes out, and what of an error never does. */
import { Writable } from 'node:stream';
import { LIMITS } from '../../src/handler/domain/limits';
import { createLogger, type LogLevel } from '../../src/handler/logger';

const FIELDS = {
  requestId: '3f2b8c1e-1a2b-4c3d-8e4f-abcdefabcdef',
  traceId: '3f2b8c1e1a2b4c3d8e4fabcdefabcdef',
  method: 'GET',
  route: '/v1/payments/{id}',
  status: 200,
  durationMs: 1.5,
};

function listen(level: LogLevel = 'info') {
  const writes: string[] = [];
  const stream = new Writable({
    write: (chunk, _, done) => {
      writes.push(String(chunk));
      done();
    },
  });
  const lines = () => writes.flatMap((text) => text.trimEnd().split('\n')).map((line) => JSON.parse(line));
  return { logger: createLogger(level, stream), writes, lines };
}

const later = () => new Promise((resolve) => setTimeout(resolve, LIMITS.logFlushMs * 3));

test('a request is one line of JSON, with what there is of it', async () => {
  const { logger, lines } = listen();
  logger.request(FIELDS);
  logger.request({ ...FIELDS, merchantId: 'm_1', code: 'overloaded', replayed: true, parked: true });
  logger.request({ ...FIELDS, replayed: false, parked: false });
  await later();

  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const plain = { level: 'info', time, ...FIELDS, msg: 'request' };
  expect(lines()).toEqual([
    plain,
    { ...plain, merchantId: 'm_1', code: 'overloaded', replayed: true, parked: true },
    plain,
  ]);
});

test('requests go out together, and what happens seldom takes them along at once', async () => {
  const { logger, writes, lines } = listen();
  for (let n = 0; n < 3; n++) logger.request(FIELDS);
  expect(writes).toEqual([]);
  logger.warn('sweep failed', { count: 1 });
  expect(writes).toHaveLength(1);
  expect(lines().map(({ msg }) => msg)).toEqual(['request', 'request', 'request', 'sweep failed']);
  logger.request(FIELDS);
  await later();
  expect(writes).toHaveLength(2);
});

test('many requests do not wait, and a flush leaves none behind', () => {
  const { logger, writes, lines } = listen();
  const count = 100;
  for (let n = 0; n < count; n++) logger.request(FIELDS);
  expect(writes.length).toBeGreaterThan(1);
  expect(Math.max(...writes.map(({ length }) => length))).toBeLessThan(LIMITS.logFlushChars * 2);
  logger.flush();
  logger.flush();
  expect(lines()).toHaveLength(count);
});

test.each<[LogLevel, string[]]>([
  ['debug', ['request', 'i', 'w', 'e']],
  ['info', ['request', 'i', 'w', 'e']],
  ['warn', ['w', 'e']],
  ['error', ['e']],
])('at %s there are %j', (level, expected) => {
  const { logger, lines } = listen(level);
  logger.request(FIELDS);
  logger.info('i');
  logger.warn('w');
  logger.error('e');
  logger.flush();
  expect(lines().map(({ msg }) => msg)).toEqual(expected);
});

describe('of an error', () => {
  const told = (error: unknown) => {
    const { logger, writes, lines } = listen();
    logger.error('request failed', { error });
    return { text: writes.join(''), error: lines()[0].error };
  };

  test('kind, code and place are told, and of its causes too', () => {
    const cause = Object.assign(new TypeError('canary'), { code: 'ECONNRESET' });
    const { text, error } = told(new Error('canary', { cause }));
    expect(error).toMatchObject({ kind: 'Error', cause: { kind: 'TypeError', code: 'ECONNRESET' } });
    expect(error.at[0]).toMatch(/^at .*logger\.test\.ts:\d+:\d+/);
    expect(text).not.toContain('canary');
  });

  const changed = new Error('\n    at canary:1:1');
  expect(changed.stack).toContain('canary'); // from here on it stays as it is
  changed.message = 'other';

  test.each([
    ['a message that looks like a place', new Error('x\n    at canary (canary.js:1:1)\n    at canary:1:2')],
    ['a message that was changed', changed],
    ['a code that is a sentence', Object.assign(new Error('x'), { code: 'the canary code' })],
    ['a name that is a sentence', Object.assign(new Error('x'), { name: 'the canary name' })],
    ['more members', Object.assign(new Error('x'), { canary: 'canary', body: { canary: 1 } })],
    ['a text that was thrown', 'canary'],
    ['an object that was thrown', { message: 'canary', stack: 'canary' }],
  ])('%s is not', (_, error) => {
    expect(told(error).text).not.toContain('canary');
  });

  test('a cause that is itself is told a few times', () => {
    const error = new Error('x');
    error.cause = error;
    expect(JSON.stringify(told(error).error).match(/"kind"/g)).toHaveLength(LIMITS.causes + 1);
  });
});
