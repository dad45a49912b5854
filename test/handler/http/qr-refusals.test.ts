/** What merchants and payments cannot be, for the sake of their codes: at a pointer, with the codec's own code. */
import { order, profile, useHandler } from '../harness';

const { call, merchant } = useHandler();

const myr = (value: number) => ({ currency: 'MYR', value });
const malaysian = {
  ...profile,
  ...{ city: 'Kuala Lumpur', country: 'MY', currency: 'MYR' },
  accounts: [{ scheme: 'duitnow', acquirerId: '501664', merchantId: '123456789' }],
};

test('a payment by DuitNow is not ours to issue, and the reply says why', async () => {
  const headers = await merchant('m_duitnow', malaysian);

  const { status, problem } = await call('POST', '/v1/payments', { body: { ...order, amount: myr(1250) }, headers });

  expect([status, problem.code]).toEqual([400, 'invalid-request']);
  expect(problem.errors).toEqual([
    { pointer: '/scheme', code: 'not_issuable', message: expect.stringMatching(/DuitNow dynamic codes .* acquirer/) },
  ]);
});

test('a static DuitNow code is', async () => {
  const { status } = await call('POST', '/v1/qr/encode', { body: { merchant: malaysian, scheme: 'duitnow' } });

  expect(status).toBe(200);
});

test.each<[string, object, string, string]>([
  [
    'a member of another scheme',
    { accounts: [{ scheme: 'fps', fpsId: '166069526', uen: 'x' }] },
    '/accounts/0/uen',
    'unknown_field',
  ],
  ['a key that is none', { accounts: [{ scheme: 'pix', key: 'x' }] }, '/accounts/0/key', 'value_invalid'],
  ['no key', { accounts: [{ scheme: 'pix' }] }, '/accounts/0', 'missing_required'],
  ['a currency that is none', { currency: 'ZZZ' }, '/currency', 'value_invalid'],
])('a profile with %s', async (_, members, pointer, code) => {
  const { status, problem } = await call('PUT', '/v1/merchants/m_wrong', { body: { ...profile, ...members } });

  expect([status, problem.code]).toEqual([400, 'invalid-request']);
  expect(problem.errors).toEqual([{ pointer, code, message: expect.any(String) }]);
});
