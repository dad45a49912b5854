import { Table } from '../../../src/contract';
import {
  fromItem,
  fromMerchantItem,
  type PaymentItem,
  shardOf,
  toItem,
  toMerchantItem,
} from '../../../src/handler/adapters/stored-payment';
import { appendRefusal, moveTo, type Payment } from '../../../src/handler/domain/payment';
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
  late,
  MERCHANT,
  refused,
  succeed,
  undo,
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
    expect(() => fromMerchantItem({ ...item, schema: 3 })).toThrow('schema');
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
      schema: 2,
      revision: 1,
      status: 'created',
      version: 1,
      merchantId: facts.merchantId,
    });
  });

  test('is one write unit at create without metadata', () => {
    expect(itemSizeBytes(toItem(created(), 'ap-southeast-1'))).toBeLessThanOrEqual(1024);
  });

  test.each(['authorize', 'sale'] as const)('is one write unit while an %s waits for the bank, too', (kind) => {
    expect(itemSizeBytes(toItem(begin(created(), kind, 1250), 'ap-southeast-1'))).toBeLessThanOrEqual(1024);
  });

  test('does not say twice what its facts say', () => {
    const { events, merchantId, createdAt } = toItem(created(), REGION);
    expect(Object.keys(events[0]!).sort()).toEqual(['requestId', 'type']);

    const read = fromItem(stored(created()));
    expect(read.events[0]).toMatchObject({ at: createdAt, by: merchantId });
  });

  test('names a bank only while a first step lies with one that is not the default', () => {
    const intent = begin(created(), 'sale', 1250);
    expect(toItem(intent, REGION)).not.toHaveProperty('connector');
    expect(toItem(moveTo(intent, 'acme'), REGION).connector).toBe('acme');
    expect(toItem(end(moveTo(intent, 'acme'), 'operation_succeeded'), REGION)).not.toHaveProperty('connector');
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

  test('holds a payment from a late success until that is undone (I28)', () => {
    const declined = end(begin(created({ homeRegion: 'euw1' }), 'sale', 1250), 'operation_declined');
    const due = late(declined);
    const since = due.events.at(-1)?.at;

    expect(toItem(declined, REGION)).not.toHaveProperty('pendingShard');
    expect(toItem(due, REGION)).toMatchObject({ pendingShard: `euw1#${shardOf(due.facts.id)}`, pendingSince: since });
    expect(toItem(undo(due), REGION).pendingSince).toBe(undo(due).events.at(-1)?.at);
    expect(toItem(end(undo(due), 'operation_succeeded'), REGION)).not.toHaveProperty('pendingShard');
    // The bank will not undo it: that is for people.
    expect(toItem(end(undo(due), 'operation_declined'), REGION)).not.toHaveProperty('pendingShard');
  });

  test('does not hold a late refund, which nothing can undo', () => {
    const refused = end(begin(succeed(created(), 'sale', 1250), 'refund', 50), 'operation_declined');

    expect(toItem(late(refused), REGION)).not.toHaveProperty('pendingShard');
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
    ['late success', late(end(intent, 'operation_declined')), 'operation_late'],
  ];

  test.each(changes)('is set by %s', (_, changed, type) => {
    expect(toItem(changed, REGION).lastEvent).toEqual({
      id: `${changed.facts.id}.${changed.state.version}`,
      region: REGION,
      type,
    });
  });

  test('is not set by an intent, nor by a move to another bank, nor by an outcome that is not known', () => {
    expect(toItem(moveTo(intent, 'acme'), REGION)).not.toHaveProperty('lastEvent');
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

test('a first event of another time or by another than the merchant keeps them', () => {
  const { facts, events } = created();
  const other = { ...created(), facts, events: [{ ...events[0]!, by: 'operator' }] };
  expect(fromItem(stored(other)).events[0]).toMatchObject({ by: 'operator', at: facts.createdAt });
});

test('a refusal is stored as it was told', () => {
  const told = { ...idempotency(), requestId: 'r-1', code: 'payment-state', detail: 'Cannot.' };

  expect(stored(appendRefusal(created(), told)).refusals).toEqual([{ ...told, version: 1 }]);
});
