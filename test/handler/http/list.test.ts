/** GET /v1/payments: order, pages, filter, and whose payments. */
import type { OutgoingHttpHeaders } from 'node:http';
import { approve, type Payment, useHandler } from '../harness';

const { call, createPayment, merchant, act, paymentIn, read } = useHandler();

const list = (headers: OutgoingHttpHeaders, query = '') => call('GET', `/v1/payments${query}`, { headers });
const ids = (payments: readonly Payment[]) => payments.map(({ id }) => id);

/** Reads page after page; `between` runs after each. */
async function readAll(
  headers: OutgoingHttpHeaders,
  query: string,
  between?: () => Promise<unknown>,
): Promise<Payment[]> {
  const found: Payment[] = [];
  let cursor = '';
  for (let pages = 0; pages < 50; pages++) {
    const { page } = await list(headers, `?${query}${cursor}`);
    found.push(...page.data);
    if (page.cursor === undefined) return found;
    cursor = `&cursor=${encodeURIComponent(page.cursor)}`;
    await between?.();
  }
  throw new Error('the list does not end');
}

test('is empty, and has no cursor, where there is nothing', async () => {
  expect((await list(await merchant('m_nothing'))).json).toEqual({ data: [] });
});

test('newest first, each as it reads by its id', async () => {
  const headers = await merchant('m_order');
  const created: Payment[] = [];
  for (let n = 0; n < 5; n++) {
    created.unshift(await createPayment({ reference: `order-${n}` }, headers));
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  await act(created[2], 'authorize', approve, { headers });

  const { page } = await list(headers);

  expect(ids(page.data)).toEqual(ids(created));
  expect(page.data[2]).toEqual((await read(created[2], headers)).payment);
  expect(page.data[2].status).toBe('captured');
});

test('20 a page where limit does not say otherwise', async () => {
  const headers = await merchant('m_default');
  await Promise.all([...Array(21)].map(() => createPayment({}, headers)));

  const { page } = await list(headers);

  expect(page.data).toHaveLength(20);
  expect(page.cursor).toEqual(expect.any(String));
});

test('the last page has no cursor when it is exactly full', async () => {
  const headers = await merchant('m_full');
  await Promise.all([...Array(6)].map(() => createPayment({}, headers)));

  const first = await list(headers, '?limit=3');
  const second = await list(headers, `?limit=3&cursor=${encodeURIComponent(first.page.cursor ?? '')}`);

  expect(second.page.data).toHaveLength(3);
  if (second.page.cursor !== undefined) {
    const third = await list(headers, `?limit=3&cursor=${encodeURIComponent(second.page.cursor)}`);
    expect(third.json).toEqual({ data: [] });
  }
});

test('pages show every payment once, also those of the same millisecond', async () => {
  const headers = await merchant('m_pages');
  const created = await Promise.all([...Array(40)].map(() => createPayment({}, headers)));

  for (const limit of [1, 7, 100]) {
    const found = await readAll(headers, `limit=${limit}`);
    expect(ids(found)).toHaveLength(40);
    expect(new Set(ids(found))).toEqual(new Set(ids(created)));
    const times = found.map(({ createdAt }) => createdAt);
    expect(times).toEqual([...times].sort().reverse());
  }
});

test('no gap and no double while others create', async () => {
  const headers = await merchant('m_busy');
  const before = await Promise.all([...Array(30)].map(() => createPayment({}, headers)));

  const found = await readAll(headers, 'limit=4', () =>
    Promise.all([createPayment({}, headers), createPayment({}, headers), createPayment({}, headers)]),
  );

  expect(new Set(ids(found)).size).toBe(found.length);
  expect(ids(found)).toEqual(expect.arrayContaining(ids(before)));
});

test('status filters by the true status of every payment', async () => {
  const headers = await merchant('m_filter');
  const statuses = ['created', 'authorized', 'captured', 'partially_refunded', 'refunded', 'cancelled'];
  const made = await Promise.all(
    statuses.flatMap((status) => [paymentIn(status, headers), paymentIn(status, headers)]),
  );

  for (const status of [...statuses, 'expired', 'failed']) {
    const expected = made.filter((payment) => payment.status === status);
    for (const limit of [1, 50]) {
      const found = await readAll(headers, `status=${status}&limit=${limit}`);
      expect(new Set(ids(found))).toEqual(new Set(ids(expected)));
      expect(found).toHaveLength(expected.length);
    }
  }
});

test("another merchant's payments are not among them, even with that merchant's cursor", async () => {
  const mine = await merchant('m_mine');
  const theirs = await merchant('m_theirs');
  await Promise.all([...Array(5)].map(() => createPayment({}, theirs)));
  const own = await createPayment({}, mine);
  const cursor = encodeURIComponent((await list(theirs, '?limit=2')).page.cursor ?? '');

  const plain = await list(mine);
  const borrowed = await list(mine, `?cursor=${cursor}`);

  expect(ids(plain.page.data)).toEqual([own.id]);
  expect([200, 400]).toContain(borrowed.status);
  if (borrowed.status === 200) expect(borrowed.page.data.every(({ merchantId }) => merchantId === 'm_mine')).toBe(true);
});

test.each([
  ['limit=0', 'limit'],
  ['limit=101', 'limit'],
  ['limit=-1', 'limit'],
  ['limit=1.5', 'limit'],
  ['limit=ten', 'limit'],
  ['limit=', 'limit'],
  ['limit=0x10', 'limit'],
  ['limit=5&limit=6', 'limit'],
  ['status=paid', 'status'],
  ['status=CAPTURED', 'status'],
  ['status=', 'status'],
  ['status=created&status=captured', 'status'],
  ['cursor=', 'cursor'],
  ['cursor=abc', 'cursor'],
  ['cursor=e30', 'cursor'],
  ['cursor=e30%3D', 'cursor'],
  ['cursor=%00', 'cursor'],
  ['cursor=..%2F..%2Fm_demo', 'cursor'],
  [`cursor=${'a'.repeat(513)}`, 'cursor'],
  ['cursor=a&cursor=b', 'cursor'],
  ['page=2', 'page'],
  ['merchantId=m_demo', 'merchantId'],
  ['__proto__=1', '__proto__'],
  ['Limit=5', 'Limit'],
])('?%s is 400', async (query, name) => {
  const { status, problem } = await call('GET', `/v1/payments?${query}`);

  expect([status, problem.code]).toEqual([400, 'invalid-request']);
  expect(problem.errors?.map(({ pointer }) => pointer)).toEqual([`?/${name}`]);
});

test('a cursor that was tampered with is 400 or a page of own payments, never a fault', async () => {
  const headers = await merchant('m_tamper');
  await Promise.all([...Array(5)].map(() => createPayment({}, headers)));
  const cursor = (await list(headers, '?limit=2')).page.cursor ?? '';

  for (let at = 0; at < cursor.length; at += 3) {
    const changed = cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1);
    const { status } = await list(headers, `?limit=2&cursor=${encodeURIComponent(changed)}`);
    expect([200, 400]).toContain(status);
  }
});
