/** Whether a code is ours, as POST /v1/qr/decode tells it: whatever was changed and given a new CRC is not authentic. */
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { regionCode } from '../../../src/handler/domain/region';
import { mutantsOf, randomOf } from '../../qr/mutants';
import { oraclePairs } from '../../qr/oracle';
import { type Payment, sgd, useHandler } from '../harness';
import { type DataObject, objects, STATIC, withCrc } from './emv';

const mutants = 10_000;
const atOnce = 100;
const seed = 20261122;
const longestRegion = 'us-isob-east-1';

const secret = (fill: number) => Buffer.alloc(32, fill);
const environment = { QR_KEYS: secret(1).toString('base64'), HOME_REGION: longestRegion };
const { call, createPayment, act, merchant, read } = useHandler(environment);
const elsewhere = useHandler({ QR_KEYS: secret(2).toString('base64') });
/** The same keys, and a store that is not there. */
const cutOff = useHandler({
  ...environment,
  TABLE_NAME: 'payments',
  AWS_REGION: longestRegion,
  AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
});

const decode = (payload: string, headers = {}) => call('POST', '/v1/qr/decode', { body: { payload }, headers });
const verdict = async (payload: string) => (await decode(payload)).json.authenticity;

const rootOf = (payload: string): DataObject[] => [...(oraclePairs(payload) ?? [])].slice(0, -1);
/** The objects of a template. */
const inside = (payload: string, id: string) => [
  ...(oraclePairs(rootOf(payload).find(([found]) => found === id)?.[1] ?? '') ?? []),
];
const put = (parts: readonly DataObject[], id: string, value: string): DataObject[] =>
  parts.map((part) => (part[0] === id ? [id, value] : part));

/** A code of the payment in which one root object says something else, with a CRC that fits. */
const changed = (payload: string, id: string, value: string) => withCrc(objects(...put(rootOf(payload), id, value)));
/** One in which an object of our own template says something else. */
const claimed = (payload: string, id: string, value: string) =>
  changed(payload, '80', objects(...put(inside(payload, '80'), id, value)));

let payment: Payment;
let payload: string;
beforeAll(async () => {
  payment = await createPayment();
  payload = payment.qr.payload;
});

test('a code is authentic as long as its payment is remembered, whatever has become of it', async () => {
  const mine = await createPayment({ captureMethod: 'manual' });
  const verdicts = [await verdict(mine.qr.payload)];

  await act(mine, 'cancel');
  verdicts.push(await verdict(mine.qr.payload));

  expect(verdicts).toEqual(['authentic', 'authentic']);
  expect((await read(mine)).payment.status).toBe('cancelled');
});

test('the longest code of a Region fits, and the code is authentic', async () => {
  const longest = Math.max(...RegionInfo.regions.map(({ name }) => regionCode(name).length));
  const template = rootOf(payload).find(([id]) => id === '80')?.[1] ?? '';

  expect([longest, regionCode(longestRegion).length]).toEqual([8, 8]);
  expect(payment.id).toMatch(/^pay_[a-z2-7]{26}usisobe1$/);
  expect(template.length).toBeLessThanOrEqual(99);
  expect(await verdict(payload)).toBe('authentic');
});

describe('what is not ours', () => {
  test.each([
    ['a code of another', withCrc(objects(...STATIC))],
    ['a template of another', withCrc(objects(...STATIC, ['80', objects(['00', 'com.example'], ['01', 'x'])]))],
    ['a link', 'upi://pay?pa=shop@bank&pn=Shop'],
    ['consumer-presented', 'hQVDUFYwMWETTwegAAAABVVVUAhQcm9kdWN0MQ=='],
  ])('%s', async (_, text) => {
    expect(await verdict(text)).toBe('not_ours');
  });
});

describe('what a payer sees, altered', () => {
  test.each([
    ['the amount', '54', '1.00'],
    ['the same amount, written otherwise', '54', '12.5'],
    ['the currency', '53', '840'],
    ['the name', '59', 'Demo Merchant Ltd'],
    ['the city', '60', 'Batam'],
    ['the account', '26', objects(['00', 'com.example.pay'], ['01', '87654321'])],
    ['what it is made for', '01', '11'],
  ])('%s', async (_, id, value) => {
    const forged = changed(payload, id, value);

    expect(forged).not.toBe(payload);
    expect(await verdict(forged)).toBe('forged');
  });

  test.each<[string, (parts: DataObject[]) => DataObject[]]>([
    ['another account besides', (parts) => [...parts, ['27', objects(['00', 'com.thief'], ['01', '1'])]]],
    ['another name besides', (parts) => [...parts, ['64', objects(['00', 'zh'], ['01', '咖啡角'])]]],
    ['our template twice', (parts) => [...parts, ['81', parts.find(([id]) => id === '80')![1]]]],
    ['another order of objects', ([first, ...rest]) => [first, ...rest.reverse()]],
    ['no amount', (parts) => parts.filter(([id]) => id !== '54')],
  ])('%s', async (_, change) => {
    expect(await verdict(withCrc(objects(...change(rootOf(payload)))))).toBe('forged');
  });

  test('a CRC in lower case is another payload', async () => {
    const lower = payload.slice(0, -4) + payload.slice(-4).toLowerCase();

    expect(await verdict(lower)).toBe(lower === payload ? 'authentic' : 'forged');
  });
});

describe('the claim itself', () => {
  test("another payment's id, or its tag", async () => {
    const other = await createPayment({ amount: sgd(1) });
    const tag = inside(other.qr.payload, '80').find(([id]) => id === '02')![1];

    expect(await verdict(claimed(payload, '01', other.id))).toBe('forged');
    expect(await verdict(claimed(payload, '02', tag))).toBe('forged');
  });

  test('the id of no payment', async () => {
    expect(await verdict(claimed(payload, '01', `pay_${'a'.repeat(26)}usisobe1`))).toBe('forged');
    expect(await verdict(claimed(payload, '01', 'pay_of_nobody'))).toBe('forged');
  });

  test('a key that is not ours, and the code of another deployment', async () => {
    expect(await verdict(claimed(payload, '03', 'zzzzzz'))).toBe('unknown_key');
    expect(await verdict((await elsewhere.createPayment()).qr.payload)).toBe('unknown_key');
  });
});

test('without the store there is no verdict on ours, and one on all others', async () => {
  const ask = (text: string) => cutOff.call('POST', '/v1/qr/decode', { body: { payload: text } });

  const [ours, others] = await Promise.all([ask(payload), ask(withCrc(objects(...STATIC)))]);

  expect([ours.status, ours.problem.code]).toEqual([503, 'store-unavailable']);
  expect([others.status, others.json.authenticity]).toEqual([200, 'not_ours']);
});

describe('who asks', () => {
  test('anyone with qr:read gets the same answer', async () => {
    const headers = [{}, await merchant('m_other'), { 'x-merchant-id': 'w_wallet' }].map((who) => ({
      ...who,
      'x-scopes': 'qr:read',
    }));

    const replies = await Promise.all(headers.map((who) => decode(payload, who)));

    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
    expect(replies[0].json.authenticity).toBe('authentic');
  });

  test('whether another has a payment of that id is not told', async () => {
    const theirs = await createPayment({}, await merchant('m_theirs'));
    const [known, unknown] = [theirs.id, `pay_${'b'.repeat(26)}usisobe1`].map((id) => claimed(payload, '01', id));

    const replies = await Promise.all([known, unknown].map((text) => decode(text, { 'x-scopes': 'qr:read' })));

    const [one, other] = replies.map(({ json: { fields, paymentId, ...rest } }) => rest);
    expect(one).toEqual(other);
    expect(one.authenticity).toBe('forged');
  });
});

test(`${mutants} mutants with a CRC that fits: none is authentic`, async () => {
  const found = new Map<unknown, number>();
  const ofFields = mutantsOf([payload], seed);
  const random = randomOf(seed);
  const next = (n: number): string => (n % 2 ? ofFields.next().value : characterMutant(payload, random));

  for (let n = 0; n < mutants; n += atOnce) {
    const texts = Array.from({ length: atOnce }, (_, at) => next(at));
    const replies = await Promise.all(texts.map((text) => decode(text)));
    for (const [at, { json }] of replies.entries()) {
      if (texts[at] === payload) throw new Error('not a mutant');
      const result = json.authenticity ?? 'unreadable';
      found.set(result, (found.get(result) ?? 0) + 1);
    }
  }

  expect(found.get('authentic')).toBeUndefined();
  // Otherwise they were refused for their structure, which proves nothing about the tag.
  expect(found.get('forged')).toBeGreaterThan(mutants / 4);
}, 120_000);

/** One character replaced, inserted or dropped, and the CRC made anew. */
function characterMutant(text: string, random: () => number): string {
  const open = text.slice(0, -8);
  for (;;) {
    const at = Math.floor(random() * open.length);
    const character = random() < 0.1 ? '' : String.fromCodePoint(0x20 + Math.floor(random() * 95));
    const mutant = withCrc(open.slice(0, at) + character + open.slice(at + (random() < 0.9 ? 1 : 0)));
    if (mutant !== text) return mutant;
  }
}
