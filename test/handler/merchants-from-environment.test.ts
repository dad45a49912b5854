/** MERCHANTS: what is read of it, and what a handler that starts with it does. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { MERCHANTS_BYTES_MAX } from '../../src/contract';
import { readMerchants } from '../../src/handler/merchants-from-environment';
import { startHandler } from '../../src/handler/start';
import { schemeSamples } from '../qr/samples';
import { profile, useHandler } from './harness';

const seed = { id: 'm_cafe', ...profile };
const SECRET = '0812345678x';

describe('reading', () => {
  const problemsOf = (value: unknown) =>
    readMerchants(typeof value === 'string' ? value : JSON.stringify(value)).problems;

  test('every scheme has a place in it', () => {
    const list = schemeSamples.map(({ scheme, country, currency, accounts, local }) => ({
      ...{ id: scheme, ...profile, country, currency, accounts, local },
    }));

    const { seeds, problems } = readMerchants(JSON.stringify(list));

    expect(problems).toEqual([]);
    expect(seeds.map(({ id, profile: { accounts } }) => [id, accounts])).toEqual(
      schemeSamples.map(({ scheme, accounts }) => [scheme, accounts]),
    );
  });

  test.each<[string, unknown, readonly string[]]>([
    ['no JSON', '{', ['is no JSON list of profiles in which no member comes twice']],
    ['no list', seed, ['is no JSON list of profiles in which no member comes twice']],
    ['a member twice', '[{"id":"a","id":"b"}]', ['is no JSON list of profiles in which no member comes twice']],
    ['null', [null], ['/0/id is no merchant id; it takes 1 to 64 letters, digits and _ . : -', '/0/name is required']],
    [
      'an id with a space',
      [{ ...seed, id: 'm 1' }],
      ['/0/id is no merchant id; it takes 1 to 64 letters, digits and _ . : -'],
    ],
    ['no id', [profile], ['/0/id is no merchant id; it takes 1 to 64 letters, digits and _ . : -']],
    ['an id twice', [seed, seed], ['/1/id is that of another profile too; it takes each merchant once']],
    ['a missing member', [{ ...seed, mcc: undefined }], ['/0/mcc is required']],
    ['an unknown member', [{ ...seed, colour: 1 }], ['/0/colour is not a member that this operation knows']],
    ['a number as name', [{ ...seed, name: 7 }], ['/0/name must be string']],
    [
      'an unknown currency',
      [{ ...seed, currency: 'XXZ' }],
      ['/0/currency must be an active ISO 4217 code of three letters'],
    ],
    [
      'an account of another form, in the second profile',
      [seed, { ...seed, id: 'm_2', accounts: [...profile.accounts, { scheme: 'promptpay', mobile: SECRET }] }],
      ['/1/accounts/1/mobile must be a Thai mobile number, such as 0812345678 (written 0066812345678)'],
    ],
    ['an account null', [{ ...seed, accounts: [null] }], ['/0/accounts/0 must be object']],
    [
      'too long a text',
      `[]${' '.repeat(MERCHANTS_BYTES_MAX)}`,
      ['has 32770 bytes; it takes 32768 at most, and the API takes the rest'],
    ],
  ])('%s is refused', (_, value, problems) => {
    expect(problemsOf(value)).toEqual(problems);
  });

  test('every profile that is wrong is named, up to a bound, and no account is told', () => {
    const bad = (n: number) => ({ ...seed, id: `m_${n}`, accounts: [{ scheme: 'promptpay', mobile: SECRET }] });
    const few = problemsOf([bad(0), seed, bad(2)]);

    expect(few.map((problem) => problem.split(' ')[0])).toEqual(['/0/accounts/0/mobile', '/2/accounts/0/mobile']);
    expect(few.join()).not.toContain(SECRET);
    expect(problemsOf(Array.from({ length: 100 }, (_, n) => bad(n)))).toHaveLength(20);
    expect(problemsOf(Array(1000).fill(0))).toHaveLength(20);
  });
});

describe('a handler that starts with a profile', () => {
  const { call, createPayment } = useHandler({ MERCHANTS: JSON.stringify([seed, { ...seed, id: 'm_tea' }]) });

  test.each(['m_cafe', 'm_tea'])('has it: %s', async (id) => {
    const headers = { 'x-merchant-id': id };

    expect((await call('GET', `/v1/merchants/${id}`, { headers })).json).toMatchObject({ ...profile, id });
    expect(await createPayment({}, headers)).toMatchObject({ merchantId: id, status: 'created' });
  });

  test('and on a laptop the demo merchant besides', async () => {
    expect(await createPayment()).toMatchObject({ merchantId: 'm_demo' });
  });
});

describe('a profile that is there already', () => {
  const DATA_DIR = mkdtempSync(join(tmpdir(), 'merchants-'));
  afterAll(() => rmSync(DATA_DIR, { recursive: true, force: true }));

  const log = () => new Writable({ write: (_chunk, _encoding, done) => done() });
  /** A start, what happens then, and the stop. */
  async function during<T>(name: string, act: (url: string) => Promise<T>): Promise<T> {
    const MERCHANTS = JSON.stringify([{ ...seed, name }]);
    const handler = await startHandler({ PORT: '0', DATA_DIR, MERCHANTS }, { log: log() });
    try {
      return await act(`${handler.url}/v1/merchants/m_cafe`);
    } finally {
      await handler.close();
    }
  }
  const read = async (url: string): Promise<unknown> =>
    (await fetch(url, { headers: { 'x-merchant-id': 'm_cafe' } })).json();
  const put = async (url: string): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' };
    return (
      await fetch(url, { method: 'PUT', headers, body: JSON.stringify({ ...profile, name: 'By the API' }) })
    ).json();
  };

  test('stays as it is, whoever wrote it', async () => {
    const first = await during('First', read);
    const second = await during('Second', read);
    const changed = await during('Third', put);
    const last = await during('Fourth', read);

    expect(first).toMatchObject({ name: 'First' });
    expect(second).toEqual(first);
    expect(changed).toMatchObject({ name: 'By the API' });
    expect(last).toEqual(changed);
  });

  test('even the demo merchant, where MERCHANTS has one', async () => {
    const MERCHANTS = JSON.stringify([{ ...seed, id: 'm_demo', name: 'Not the demo' }]);
    const handler = await startHandler({ PORT: '0', MERCHANTS }, { log: log() });

    const reply = await fetch(`${handler.url}/v1/merchants/m_demo`);
    await handler.close();

    expect(await reply.json()).toMatchObject({ name: 'Not the demo' });
  });
});

test('a handler does not start with a profile that is wrong', async () => {
  const MERCHANTS = JSON.stringify([{ ...seed, mcc: '1' }]);

  await expect(startHandler({ PORT: '0', MERCHANTS })).rejects.toThrow(/ {2}- MERCHANTS \/0\/mcc must match pattern/);
});
