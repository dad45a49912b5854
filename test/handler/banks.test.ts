/** Several banks behind the whole handler: a payment goes to the one that its rule names, or to the next where nothing can have reached that. */
import { createServer } from 'node:net';
import { ANSWER, approves, FakeBank, listen, portOf, SECRET, says } from './adapters/connector/fake-bank';
import { approve, useHandler } from './harness';

const banks: Record<'there' | 'down' | 'other', { url: string; bank?: FakeBank }> = {
  there: { url: '' },
  down: { url: '' },
  other: { url: '' },
};
const environment: NodeJS.ProcessEnv = {};

beforeAll(async () => {
  const closed = createServer();
  await listen(closed);
  banks.down.url = `http://127.0.0.1:${portOf(closed)}`;
  await new Promise((resolve) => closed.close(resolve));
  for (const name of ['there', 'other'] as const) {
    const bank = await FakeBank.start();
    bank.answer = approves;
    banks[name] = { url: bank.url, bank };
  }
  const connectors = Object.fromEntries(
    Object.entries(banks).map(([name, { url }]) => [name, { url, secret: SECRET }]),
  );
  const routes = [
    { currencies: ['SGD'], minAmount: 5_000, connectors: ['down', 'there'] },
    { currencies: ['SGD'], minAmount: 2_000, connectors: ['other', 'there'] },
    { connectors: ['there'] },
  ];
  environment.CONNECTORS = JSON.stringify({ connectors, routes });
});
afterAll(async () => {
  for (const { bank } of Object.values(banks)) await bank?.stop();
});

const { createPayment, act, log } = useHandler(environment);

beforeEach(() => {
  for (const { bank } of Object.values(banks)) bank?.seen.splice(0);
});
const pay = async (value: number) => {
  const payment = await createPayment({ amount: { currency: 'SGD', value } });
  return { payment, reply: await act(payment, 'authorize', approve) };
};
const seenBy = (name: 'there' | 'other') => banks[name].bank!.seen.map(({ method }) => method);

test('a payment goes to the bank of its rule', async () => {
  expect((await pay(1_999)).reply).toMatchObject({ status: 200, payment: { status: 'captured' } });
  expect([seenBy('there'), seenBy('other')]).toEqual([['PUT'], []]);
  expect((await pay(2_000)).reply).toMatchObject({ status: 200, payment: { status: 'captured' } });
  expect([seenBy('there'), seenBy('other')]).toEqual([['PUT'], ['PUT']]);
});

test('where nothing can have reached it, the next one takes it, and what follows goes there, too', async () => {
  const { payment, reply } = await pay(5_000);
  expect(reply).toMatchObject({ status: 200, payment: { status: 'captured' } });
  const [{ url, body }] = banks.there.bank!.seen;
  expect(url).toBe(`/qr/operations/${payment.id}.sale.1`);
  expect(JSON.parse(body)).toMatchObject({ kind: 'sale', amount: { currency: 'SGD', value: 5_000 } });

  expect(await act(payment, 'refunds', {})).toMatchObject({ status: 201, payment: { status: 'refunded' } });
  expect(JSON.parse(banks.there.bank!.seen[1].body)).toMatchObject({
    kind: 'refund',
    originalOpKey: `${payment.id}.sale.1`,
  });
});

test('where it may have been made, no other bank is asked, and its record decides', async () => {
  const bank = banks.other.bank!;
  bank.answer = (response, { url }) => {
    const opKey = url!.slice(url!.lastIndexOf('/') + 1);
    const done = { ...ANSWER, opKey, amount: { currency: 'SGD', value: 3_000 } };
    says(bank.seen.length === 1 ? 503 : 200, done)(response);
  };

  expect((await pay(3_000)).reply).toMatchObject({ status: 200, payment: { status: 'captured' } });
  expect([seenBy('there'), seenBy('other')]).toEqual([[], ['PUT', 'GET']]);
});

test('the log holds neither secret nor token of it', () => {
  expect(log.length).toBeGreaterThan(0);
  expect(log.join('\n')).not.toContain(SECRET);
  expect(log.join('\n')).not.toContain(approve.payer.token);
});
