/**
 * Items as earlier releases wrote them. `schema-1.journal` is a log of the embedded store, made by the last release that wrote schema 1:
 * a payment in each state, and a merchant. It is never written anew.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PaymentItem, StoredItem } from '../../../src/handler/adapters/stored-payment';

export const SCHEMA_1_JOURNAL = join(__dirname, 'schema-1.journal');

const items: readonly StoredItem[] = readFileSync(SCHEMA_1_JOURNAL, 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1) // the header
  .flatMap((line) => JSON.parse(line.slice('crc32..  '.length - 1)));

export const oldPayments = items.filter((item): item is PaymentItem => 'revision' in item);
export const oldMerchants = items.filter((item) => !('revision' in item));

const [first] = oldPayments;
if (first === undefined) throw new Error('the journal of schema 1 is empty');
const pk = `pay_${'z'.repeat(26)}apse1`;
const keys = { pk, merchantId: 'm_future', merchantShard: 'm_future#1', createdAtId: `${first.createdAt}#${pk}` };
/** As a later release might write it. */
export const ofTheFuture: PaymentItem = { ...first, ...keys, schema: 99 };

/** What they say, by what people see of a payment; in the order of the journal. */
export const OLD_STATES = [
  { status: 'created', version: 1, operations: [] },
  { status: 'created', version: 2, operations: ['authorize 1250 pending'] },
  { status: 'created', version: 3, operations: ['authorize 1250 unknown'] },
  { status: 'created', version: 3, operations: ['authorize 1250 unknown needs-reconciliation'] },
  { status: 'created', version: 3, operations: ['sale 1250 declined do_not_honor'] },
  { status: 'authorized', version: 3, operations: ['authorize 1250 succeeded approved'] },
  { status: 'captured', version: 3, operations: ['sale 1250 succeeded approved'] },
  {
    status: 'partially_refunded',
    version: 7,
    operations: [
      'authorize 1250 succeeded approved',
      'capture 1000 succeeded approved',
      'refund 400 succeeded approved',
    ],
  },
  { status: 'refunded', version: 5, operations: ['sale 1250 succeeded approved', 'refund 1250 succeeded approved'] },
  {
    status: 'cancelled',
    version: 5,
    operations: ['authorize 1250 succeeded approved', 'cancel 1250 succeeded approved'],
  },
  { status: 'cancelled', version: 2, operations: [] },
  { status: 'expired', version: 2, operations: [] },
  { status: 'cancelled', version: 2, operations: [], refusals: 2 },
];
