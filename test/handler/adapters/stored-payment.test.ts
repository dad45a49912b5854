import { Table } from '../../../src/contract';
import {
  fromItem,
  fromItems,
  fromMerchantItem,
  type PaymentItem,
  shardOf,
  toItem,
  toMerchantItem,
} from '../../../src/handler/adapters/stored-payment';
import { appendRefusal, type Payment } from '../../../src/handler/domain/payment';
import { itemSizeBytes } from './item-size';
import {
  begin,
  cancelled,
  created,
  end,
  expired,
  histories,
  idempotency,
  largest,
  MERCHANT,
  refused,
  unknown,
} from './sample-payments';

const REGION = 'ap-southeast-1';

/** As it comes back from a store. */
function stored(payment: Payment): PaymentItem {
  return JSON.parse(JSON.stringify(toItem(payment, REGION)));
}

describe('round trip', () => {
  test.each(Object.entries(histories()))('%s', (_, steps) => {
    for (const payment of steps) expect(fromItem(stored(payment))).toEqual(payment);
  });

  test('of a merchant', () => {
    const item = JSON.parse(JSON.stringify(toMerchantItem(MERCHANT)));

    expect(item.pk).toBe('merchant#m_1001');
    expect(fromMerchantItem(item)).toEqual(MERCHANT);
    expect(() => fromMerchantItem({ ...item, schema: 2 })).toThrow('schema');
  });
});

describe('the item', () => {
  test('carries the keys that the table has, by their names', () => {
    const item = toItem(begin(created(), 'sale', 1250), REGION);

    const { PARTITION_KEY, LIST_INDEX, PENDING_INDEX } = Table;
    const names = [
      PARTITION_KEY,
      LIST_INDEX.partitionKey,
      LIST_INDEX.sortKey,
      PENDING_INDEX.partitionKey,
      PENDING_INDEX.sortKey,
    ];
    expect(names.map((name) => typeof Reflect.get(item, name))).toEqual(Array(5).fill('string'));
  });

  test('has exactly the attributes of the decision record', () => {
    const { facts } = created();

    expect(Object.keys(toItem(created(), REGION)).sort()).toEqual(
      [
        ...[
          'pk',
          'schema',
          'revision',
          'merchantId',
          'amount',
          'reference',
          'captureMethod',
          'scheme',
          'createdAt',
          'expiresAt',
        ],
        ...[
          'qrPayload',
          'requestHash',
          'events',
          'status',
          'version',
          'authorized',
          'captured',
          'refunded',
          'lastEvent',
        ],
        ...['merchantShard', 'createdAtId'],
      ].sort(),
    );
    expect(toItem(created(), REGION)).toMatchObject({
      schema: 1,
      revision: 1,
      status: 'created',
      version: 1,
      merchantId: facts.merchantId,
    });
  });

  test('is one write unit at create without metadata', () => {
    expect(itemSizeBytes(toItem(created(), 'ap-southeast-1'))).toBeLessThanOrEqual(1024);
  });

  // Operations of a hundred refunds, each with the longest reason, code and reference, and a full set of metadata.
  test.each([
    ['ASCII', 'x', 96],
    ['characters of four bytes', '\u{1F600}', 192],
  ])('never comes near 400 KB, however much happens to it, in %s', (_, character, kilobytes) => {
    const payment = largest(character);

    expect(payment.state.operations).toHaveLength(100);
    expect(itemSizeBytes(stored(payment))).toBeLessThan(kilobytes * 1024);
  });

  test('spreads payments over all shards of the list index', () => {
    const shards = new Set(Array.from({ length: 300 }, () => toItem(created(), REGION).merchantShard));

    expect([...shards].sort()).toEqual(Array.from({ length: 8 }, (_, n) => `${MERCHANT.id}#${n}`));
  });

  test('keeps its shard for ever', () => {
    expect(['a', 'b', 'h', 'i', 'z', '2', '7'].map((first) => shardOf(`pay_${first}`))).toEqual([0, 1, 7, 0, 1, 2, 7]);
  });
});

describe('the pending index', () => {
  test('holds a payment from the intent to the definite outcome, with the time of the intent', () => {
    const intent = begin(created({ homeRegion: 'euw1' }), 'authorize', 1250);
    const since = intent.state.operations[0]?.createdAt;
    const keys = { pendingShard: `euw1#${shardOf(intent.facts.id)}`, pendingSince: since };

    expect(toItem(intent, REGION)).toMatchObject(keys);
    expect(toItem(unknown(intent), REGION)).toMatchObject(keys);
    expect(toItem(end(unknown(intent), 'operation_declined'), REGION)).not.toHaveProperty('pendingShard');
    expect(toItem(end(intent, 'operation_succeeded'), REGION)).not.toHaveProperty('pendingSince');
  });

  test('does not hold what waits for reconciliation', () => {
    const waiting = unknown(begin(created(), 'authorize', 1250), 'needs-reconciliation');

    expect(toItem(waiting, REGION)).not.toHaveProperty('pendingShard');
  });
});

describe('lastEvent, on which the event pipe filters', () => {
  const payment = created();
  const intent = begin(payment, 'sale', 1250);
  const changes: [string, Payment, string][] = [
    ['create', payment, 'created'],
    ['success', end(intent, 'operation_succeeded'), 'operation_succeeded'],
    ['decline', end(intent, 'operation_declined'), 'operation_declined'],
    ['cancellation', cancelled(payment), 'cancelled'],
    ['expiry', expired(payment), 'expired'],
  ];

  test.each(changes)('is set by %s', (_, changed, type) => {
    expect(toItem(changed, REGION).lastEvent).toEqual({
      id: `${changed.facts.id}.${changed.state.version}`,
      region: REGION,
      type,
    });
  });

  test('is not set by an intent, nor by an outcome that is not known', () => {
    expect(toItem(intent, REGION)).not.toHaveProperty('lastEvent');
    expect(toItem(unknown(intent), REGION)).not.toHaveProperty('lastEvent');
  });

  test('is removed by a saved refusal, which is no change of the state', () => {
    const read = fromItem(stored(payment));

    expect(toItem(refused(read), REGION)).not.toHaveProperty('lastEvent');
    expect(toItem(refused(refused(read)), REGION)).not.toHaveProperty('lastEvent');
  });

  test('is set again by the change after a saved refusal', () => {
    const read = fromItem(stored(refused(fromItem(stored(payment)))));

    expect(toItem(cancelled(read), REGION).lastEvent?.id).toBe(`${payment.facts.id}.2`);
  });

  test('is the same when a change is written again after a lost answer', () => {
    const changed = cancelled(fromItem(stored(payment)));

    expect(toItem(changed, REGION)).toEqual(toItem(changed, REGION));
  });
});

describe('what cannot be read for certain', () => {
  const item = stored(end(begin(created(), 'sale', 1250), 'operation_succeeded'));
  const [first, intent, outcome] = item.events;
  const damaged: Record<string, object> = {
    'a schema that is not known': { schema: 2 },
    'no schema': { schema: undefined },
    'a status that the events do not give': { status: 'authorized' },
    'another version': { version: 4 },
    'another authorized amount': { authorized: 1 },
    'another captured amount': { captured: 1249 },
    'a refund that no event tells of': { refunded: 1 },
    'a missing event': { events: [first, intent] },
    'an outcome without its intent': { events: [first, outcome] },
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

test('a refusal is stored as it was told', () => {
  const told = { ...idempotency(), requestId: 'r-1', code: 'payment-state', detail: 'Cannot.' };

  expect(stored(appendRefusal(created(), told)).refusals).toEqual([{ ...told, version: 1 }]);
});
