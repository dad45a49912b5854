/** Items that this release did not write: of the schema before, and damaged ones. */
import {
  fromItem,
  fromItems,
  fromMerchantItem,
  type PaymentItem,
  toItem,
  toMerchantItem,
} from '../../../src/handler/adapters/stored-payment';
import type { Payment } from '../../../src/handler/domain/payment';
import { begin, created, end, MERCHANT } from './sample-payments';

const REGION = 'ap-southeast-1';

/** As it comes back from a store. */
function stored(payment: Payment): PaymentItem {
  return JSON.parse(JSON.stringify(toItem(payment, REGION)));
}

describe('an item of the schema before', () => {
  const old = {
    pk: 'pay_qnpgqtjjet4o6mtgprkz3yy3feapse1',
    schema: 1,
    revision: 2,
    merchantId: 'm_1001',
    amount: { currency: 'SGD', value: 1250 },
    reference: 'ORDER-2026-000123',
    captureMethod: 'manual',
    scheme: 'emv',
    createdAt: '2026-11-22T12:00:00.000Z',
    expiresAt: '2026-11-22T12:15:00.000Z',
    qrPayload: '000201',
    requestHash: 'Gl_2YPkDvBFiGgNBtlmUKA',
    events: [
      { type: 'created', at: '2026-11-22T12:00:00.000Z', by: 'm_1001', requestId: 'r-1' },
      {
        type: 'operation_pending',
        at: '2026-11-22T12:00:01.000Z',
        by: 'w_1',
        requestId: 'r-2',
        op: 'authorize.1',
        kind: 'authorize',
        amount: 1250,
        key: 'CV5q1WqrTBtaogNpIND5-w',
        requestHash: 'W3acUkB-SFpeNe9lTPSzNw',
      },
    ],
    payerToken: 'tok_0123456789abcdef',
    status: 'created',
    version: 2,
    authorized: 0,
    captured: 0,
    refunded: 0,
    merchantShard: 'm_1001#0',
    createdAtId: '2026-11-22T12:00:00.000Z#pay_qnpgqtjjet4o6mtgprkz3yy3feapse1',
    pendingShard: 'apse1#0',
    pendingSince: '2026-11-22T12:00:01.000Z',
  };

  test('is read, and goes on in the new form', () => {
    const read = fromItem(old);
    expect(read.state.operations).toMatchObject([{ op: 'authorize.1', kind: 'authorize', status: 'pending' }]);

    const ended = stored(end(read, 'operation_succeeded'));
    expect(ended).toMatchObject({ schema: 2, status: 'authorized', authorized: 1250, revision: 3 });
    expect(fromItem(ended).events[0]).toEqual(old.events[0]);
  });

  test('of a merchant is read too', () => {
    expect(fromMerchantItem({ ...toMerchantItem(MERCHANT), schema: 1 })).toEqual(MERCHANT);
  });
});

describe('what cannot be read for certain', () => {
  const item = stored(end(begin(created(), 'sale', 1250), 'operation_succeeded'));
  const [first, intent, outcome] = item.events;
  const damaged: Record<string, object> = {
    'a schema that is not known': { schema: 3 },
    'no schema': { schema: undefined },
    'a status that the events do not give': { status: 'authorized' },
    'another version': { version: 4 },
    'another authorized amount': { authorized: 1 },
    'another captured amount': { captured: 1249 },
    'a refund that no event tells of': { refunded: 1 },
    'a missing event': { events: [first, intent] },
    'an outcome without its intent': { events: [first, outcome] },
    'an operation of a kind from the future': { events: [first, { ...intent, op: 'split.1' }] },
    'an event of a type from the future': { events: [first, intent, { ...outcome, type: 'split' }] },
    'no events': { events: [], version: 0 },
    'events that are no list': { events: {} },
    'a revision below the version': { revision: 2 },
    'a revision that is no number': { revision: '3' },
    'more captured than the payment is of': { amount: { currency: 'SGD', value: 1249 } },
    'no amount': { amount: undefined },
  };

  test.each(Object.entries(damaged))('%s fails closed and names the payment only', (_, change) => {
    const read = () => fromItem({ ...item, ...change });

    expect(read).toThrow(`payment ${item.pk} cannot be read`);
    expect(read).not.toThrow(/ORDER|m_1001|1250/);
  });

  test.each([undefined, null, 'text', {}, []])('%p is no payment', (nothing) => {
    expect(() => fromItem(nothing)).toThrow('payment without an id cannot be read');
  });

  test('takes no other payment with it', () => {
    const told: Error[] = [];

    const payments = fromItems([{ ...item, schema: 9 }, item], (error) => told.push(error));

    expect(payments.map(({ facts }) => facts.id)).toEqual([item.pk]);
    expect(told.map(({ message }) => message)).toEqual([expect.stringContaining(item.pk)]);
  });

  test('is not written either', () => {
    const payment = created();
    const impossible = { ...payment, state: { ...payment.state, captured: 1 } };

    expect(() => toItem(impossible, REGION)).toThrow(`payment ${payment.facts.id} cannot be read or written`);
    expect(() => toItem({ ...payment, events: [] }, REGION)).toThrow('cannot be read or written');
  });
});
