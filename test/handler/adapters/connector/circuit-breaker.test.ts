import type { Answer, Method } from '../../../../src/handler/adapters/connector/around';
import { withCircuitBreaker } from '../../../../src/handler/adapters/connector/circuit-breaker';
import type { BankAnswer, Clock, Connector } from '../../../../src/handler/app/ports';
import { LIMITS } from '../../../../src/handler/domain/limits';
import { APPROVED, OPERATION } from './fake-bank';

const UNKNOWN = { result: 'unknown' } as const;
const NOT_SENT = { result: 'not-sent' } as const;
const signal = new AbortController().signal;

let nowMs: number;
let says: Answer;
/** Calls that reached the connector, and those of them that still wait for `release`. */
let asked: Method[];
let held: ((answer: Answer) => void)[] | undefined;
let guarded: Connector;

beforeEach(() => {
  nowMs = 5_000;
  says = UNKNOWN;
  asked = [];
  held = undefined;
  const answer = <A extends Answer>(method: Method): Promise<A> => {
    asked.push(method);
    if (held === undefined) return Promise.resolve(says as A);
    return new Promise<Answer>((resolve) => held!.push(resolve)) as Promise<A>;
  };
  const bank: Connector = { put: () => answer<BankAnswer>('PUT'), get: () => answer('GET') };
  guarded = withCircuitBreaker(bank, { elapsedMs: () => nowMs } as Clock);
});

let payments = 0;
const put = (opKey = `pay_${payments++}.sale.1`) => guarded.put({ ...OPERATION, opKey }, signal);
const get = (opKey = `pay_${payments++}.sale.1`) => guarded.get({ ...OPERATION, opKey }, signal);
const fail = async (times: number = LIMITS.connectorFailures) => {
  for (let n = 0; n < times; n++) await put();
};
const isOpen = async () => {
  const before = asked.length;
  await put();
  return asked.length === before;
};

test.each<Answer>([APPROVED as Answer, UNKNOWN, NOT_SENT, { result: 'conflict' }, { result: 'mismatch' }])(
  'an answer passes as it is: %j',
  async (answer) => {
    says = answer;
    expect(await put()).toBe(answer);
    expect(await get()).toBe(answer);
  },
);

test.each<Answer>([UNKNOWN, NOT_SENT])('different operations that fail in a row open it: %j', async (answer) => {
  says = answer;
  await fail(LIMITS.connectorFailures - 1);
  expect(await isOpen()).toBe(false); // and this one was the last that it takes
  expect(await isOpen()).toBe(true);
});

test('while it is open a PUT was not sent, and of an earlier one nothing is known', async () => {
  await fail();
  const before = asked.length;

  expect(await put()).toEqual(NOT_SENT);
  expect(await get()).toEqual(UNKNOWN);
  expect(asked).toHaveLength(before);
});

test.each<Answer>([APPROVED as Answer, { result: 'absent' }, { result: 'conflict' }, { result: 'mismatch' }])(
  'a bank that answers is there, whatever it says: %j',
  async (answer) => {
    await fail(LIMITS.connectorFailures - 1);
    says = answer;
    await get();
    says = UNKNOWN;
    await fail(LIMITS.connectorFailures - 1);
    expect(await isOpen()).toBe(false);
  },
);

test('one operation that fails again and again says nothing about the bank', async () => {
  for (let n = 0; n < 50; n++) await get('pay_sick.sale.1');
  expect(await isOpen()).toBe(false);
});

describe('after the pause', () => {
  beforeEach(async () => {
    await fail();
    nowMs += LIMITS.connectorPauseMs - 1;
    expect(await isOpen()).toBe(true);
    nowMs += 1;
    asked = [];
  });

  test('one call is let through, and only one; its success closes it', async () => {
    held = [];
    const probe = get();
    expect(await put()).toEqual(NOT_SENT);
    expect(asked).toEqual(['GET']);
    held[0]({ result: 'absent' });
    expect(await probe).toEqual({ result: 'absent' });

    held = undefined;
    expect(await isOpen()).toBe(false);
    expect(await isOpen()).toBe(false);
  });

  test('its failure is told as it is, never as not sent, and begins another pause', async () => {
    expect(await put()).toEqual(UNKNOWN);
    expect(await isOpen()).toBe(true);
    nowMs += LIMITS.connectorPauseMs;
    expect(await put()).toEqual(UNKNOWN);
    expect(asked).toHaveLength(2);
  });

  test('a call that fails with an error, which none should, is not the last that is let through', async () => {
    held = [];
    const probe = put();
    held[0](Promise.reject(new Error('a bug')) as never);
    await expect(probe).rejects.toThrow('a bug');
    held = undefined;
    expect(await put()).toEqual(UNKNOWN);
  });
});

test('calls that were under way when it opened do not keep it open', async () => {
  held = [];
  const before = Array.from({ length: LIMITS.connectorFailures + 1 }, () => put());
  for (const release of held.slice(0, LIMITS.connectorFailures)) release(UNKNOWN);
  await Promise.all(before.slice(0, LIMITS.connectorFailures));
  nowMs += LIMITS.connectorPauseMs;
  held[LIMITS.connectorFailures](UNKNOWN);
  expect(await before[LIMITS.connectorFailures]).toEqual(UNKNOWN);

  held = undefined;
  expect(await put()).toEqual(UNKNOWN); // let through
});
