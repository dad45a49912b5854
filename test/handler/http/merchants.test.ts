/** PUT and GET /v1/merchants/{merchantId}: profiles that QR codes are made from. */
import { profile, useHandler } from '../harness';

const { call, createPayment } = useHandler();

const put = (id: string, body: object) => call('PUT', `/v1/merchants/${id}`, { body });
const get = (id: string) => call('GET', `/v1/merchants/${id}`, { headers: { 'x-merchant-id': id } });
let unused = 0;
/** An account that nobody has used yet. */
const newId = () => `m_${unused++}`;
const local = { language: 'zh', name: '咖啡角', city: '新加坡' };

test('a profile reads as it was put, with its id and times', async () => {
  const written = await put('m_new', { ...profile, local });
  const found = await get('m_new');

  expect([written.status, found.status]).toEqual([200, 200]);
  expect(found.json).toEqual({
    ...{ ...profile, local, id: 'm_new' },
    ...{ createdAt: expect.any(String), updatedAt: expect.any(String) },
  });
  expect(written.json).toEqual(found.json);
});

test('the same again changes nothing but updatedAt', async () => {
  const first = (await put('m_again', profile)).json;
  const second = (await put('m_again', profile)).json;

  expect({ ...second, updatedAt: first.updatedAt }).toEqual(first);
});

test('replaces the profile as a whole: what is left out is gone', async () => {
  const first = (await put('m_whole', { ...profile, local })).json;
  const second = (await put('m_whole', { ...profile, name: 'Teh Corner' })).json;

  expect(second).toMatchObject({ name: 'Teh Corner', createdAt: first.createdAt });
  expect(second).not.toHaveProperty('local');
});

test.each(['A', 'm.a:b-c_d', 'm'.repeat(64), '__proto__'])('takes the id %s', async (id) => {
  await put(id, profile);

  expect((await get(id)).json).toMatchObject({ id, name: profile.name });
});

test.each(['m%20a', 'm'.repeat(65), 'm%2Fa', '%00', 'm%23a', '%C3%BC'])('the id %s is 400 or 404', async (id) => {
  expect([400, 404]).toContain((await put(id, profile)).status);
});

test('one that is not there is 404', async () => {
  const { status, problem } = await get('m_nobody');

  expect([status, problem.code]).toEqual([404, 'merchant-not-found']);
});

test.each([
  ['the longest', { name: 'N'.repeat(25), city: 'C'.repeat(15) }],
  ['every printable character', { name: '!"#$%&\'()*+,-./:;<=>?@[', city: '\\]^_`{|}~' }],
  ['own script without a city', { local: { language: 'th', name: 'กาแฟ' } }],
  ['25 characters of own script', { local: { language: 'ja', name: '珈'.repeat(25), city: '東'.repeat(15) } }],
  ['two accounts', { accounts: [...profile.accounts, { ...profile.accounts[0], template: '27' }] }],
])('takes %s, and payments can be made of it', async (_, members) => {
  const headers = { 'x-merchant-id': 'm_bounds' };

  const { status, json } = await put('m_bounds', { ...profile, ...members });

  expect([status, json]).toEqual([200, expect.objectContaining(members)]);
  expect((await createPayment({}, headers)).merchantId).toBe('m_bounds');
});

const [account] = profile.accounts;

test.each<[string, object, string]>([
  ['no name', { name: undefined }, '/name'],
  ['an empty name', { name: '' }, '/name'],
  ['a name of 26', { name: 'N'.repeat(26) }, '/name'],
  ['a name in another script', { name: '咖啡角' }, '/name'],
  ['a name with a line break', { name: 'Kopi\n' }, '/name'],
  ['a name that is a number', { name: 7 }, '/name'],
  ['no city', { city: undefined }, '/city'],
  ['a city of 16', { city: 'C'.repeat(16) }, '/city'],
  ['a country of three', { country: 'SGP' }, '/country'],
  ['a country in lower case', { country: 'sg' }, '/country'],
  ['a category of 3', { mcc: '581' }, '/mcc'],
  ['a category as a number', { mcc: 5812 }, '/mcc'],
  ['a currency that is none', { currency: 'XXZ' }, '/currency'],
  ['a currency in lower case', { currency: 'sgd' }, '/currency'],
  ['no accounts', { accounts: undefined }, '/accounts'],
  ['an empty list of accounts', { accounts: [] }, '/accounts'],
  ['21 accounts', { accounts: Array(21).fill(account) }, '/accounts'],
  ['an account null', { accounts: [null] }, '/accounts/0'],
  ['an account without a scheme', { accounts: [{ template: '26', fields: {} }] }, '/accounts/0/scheme'],
  ['an unknown member', { colour: 'red' }, '/colour'],
  ['an id', { id: 'm_other' }, '/id'],
  ['own script without a language', { local: { name: 'x' } }, '/local/language'],
  ['a language of three', { local: { language: 'zho', name: 'x' } }, '/local/language'],
  ['own script of 26', { local: { language: 'zh', name: '咖'.repeat(26) } }, '/local/name'],
  ['an unknown member of own script', { local: { language: 'zh', name: 'x', zip: '1' } }, '/local/zip'],
])('%s is 400 at its pointer', async (_, members, pointer) => {
  const id = newId();

  const { status, problem } = await put(id, { ...profile, ...members });

  expect([status, problem.code]).toEqual([400, 'invalid-request']);
  expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
  expect((await get(id)).status).toBe(404);
});

test.each<[string, object]>([
  ['an unknown scheme', { scheme: 'nope' }],
  ['an unknown member', { ...account, colour: 'red' }],
  ['no template', { scheme: 'emv', fields: account.fields }],
  ['no fields', { scheme: 'emv', template: '26' }],
  ['a template of a card scheme', { ...account, template: '02' }],
  ['a template past the accounts', { ...account, template: '52' }],
  ['a template as a number', { ...account, template: 26 }],
  ['fields without 00', { ...account, fields: { '01': 'x' } }],
  ['a field of letters', { ...account, fields: { ...account.fields, AB: 'x' } }],
  ['a field that is a number', { ...account, fields: { ...account.fields, '02': 7 } }],
  ['fields of more than 99 characters', { ...account, fields: { ...account.fields, '02': 'x'.repeat(90) } }],
])('an account with %s is refused, at the account', async (_, bad) => {
  const id = newId();

  const { status, problem } = await put(id, { ...profile, accounts: [account, bad] });

  expect([status, problem.code]).toEqual([400, 'invalid-request']);
  expect(problem.errors?.[0].pointer ?? problem.errors?.[0].path).toMatch(/accounts\/1/);
  expect((await get(id)).status).toBe(404);
});
