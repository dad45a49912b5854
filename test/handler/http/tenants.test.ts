/** Another merchant's payment and none at all are answered in the same words and bytes (I17, S06). */
import { approve, type Call, newKey, type Payment, type Reply, sgd, useHandler } from '../harness';

const { call, createPayment, paymentIn, merchant, read, act } = useHandler();

const stranger = { 'x-merchant-id': 'm_stranger' };
const nobodys = `pay_${'a'.repeat(26)}local`;

const CALLS: readonly [name: string, method: string, path: string, request: Call][] = [
  ['read', 'GET', '', {}],
  ['long poll', 'GET', '?wait=1', { headers: { 'if-none-match': '"1"' } }],
  ['conditional read', 'GET', '', { headers: { 'if-none-match': '*' } }],
  ['picture', 'GET', '/qr', {}],
  ['picture that cannot be', 'GET', '/qr', { headers: { accept: 'image/jpeg' } }],
  ['events', 'GET', '/events', {}],
  ['authorize', 'POST', '/authorize', { body: approve }],
  ['authorize with the wrong amount', 'POST', '/authorize', { body: { ...approve, amount: sgd(1) } }],
  ['capture', 'POST', '/capture', {}],
  ['capture of too much', 'POST', '/capture', { body: { amount: sgd(9999) } }],
  ['cancel', 'POST', '/cancel', {}],
  ['cancel of another version', 'POST', '/cancel', { headers: { 'if-match': '"99"' } }],
  ['refund', 'POST', '/refunds', {}],
];

/** Everything that a stranger sees, but for what names the request itself. */
function seen({ status, text, headers }: Reply, id: string) {
  const { 'x-request-id': requestId, date, ...rest } = headers;
  return { status, text: text.replaceAll(String(requestId), 'REQUEST').replaceAll(id, 'PAYMENT'), rest };
}

let payments: readonly Payment[];
beforeAll(async () => {
  payments = await Promise.all(['created', 'authorized', 'captured', 'cancelled'].map((status) => paymentIn(status)));
});

test.each(CALLS)('%s', async (name, method, path, request) => {
  const send = (id: string) =>
    call(method, `/v1/payments/${id}${path}`, { ...request, headers: { ...request.headers, ...stranger } });
  const none = await send(nobodys);

  for (const payment of payments) {
    const before = (await read(payment)).payment;
    const theirs = await send(payment.id);
    expect(seen(theirs, payment.id)).toEqual(seen(none, nobodys));
    expect((await read(payment)).payment).toEqual(before);
  }

  if (name !== 'picture that cannot be') expect([none.status, none.problem.code]).toEqual([404, 'payment-not-found']);
});

test("a stranger's use of a key changes nothing for the owner of the payment", async () => {
  const payment = await createPayment();
  const key = newKey();

  await act(payment, 'cancel', {}, { key, headers: stranger });
  const own = await act(payment, 'cancel', {}, { key });

  expect([own.status, own.replayed]).toEqual([200, false]);
});

test("a merchant's profile is not for other merchants, in the words for none", async () => {
  await merchant('m_known');

  const [known, unknown] = await Promise.all(
    ['m_known', 'm_nobody'].map((id) =>
      call('GET', `/v1/merchants/${id}`, { headers: { ...stranger, 'x-scopes': 'payments:read' } }),
    ),
  );

  expect([known.status, known.problem.code]).toEqual([404, 'merchant-not-found']);
  expect(seen(known, 'm_known')).toEqual(seen(unknown, 'm_nobody'));
});
