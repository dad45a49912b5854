/** Asked of the use case itself: keys that rotate, keys that were stolen, and what the store is asked and answers. */
import { createMemoryStore } from '../../../src/handler/adapters/memory/payment-store';
import { authenticateCode } from '../../../src/handler/app/authenticate-code';
import { Problem } from '../../../src/handler/domain/errors';
import type { Payment } from '../../../src/handler/domain/payment';
import { decodeQr, type QrFields, type QrKeys, qrKey, signCode } from '../../../src/qr';
import { World } from './world';

const old = qrKey('old', Buffer.alloc(32, 1));
const young = qrKey('young', Buffer.alloc(32, 2));

let reads: string[];
let isDown: boolean;
let world: World;
let payment: Payment;

beforeEach(async () => {
  [reads, isDown] = [[], false];
  const store = createMemoryStore();
  world = new World(
    Object.create(store, {
      get: {
        value: async (id: string) => {
          reads.push(id);
          if (isDown) throw new Problem('store-unavailable', 'down', { retryAfterSeconds: 1 });
          return store.get(id);
        },
      },
    }),
  );
  useKeys(old);
  payment = await world.payment();
  reads.length = 0;
});

function useKeys(...keys: QrKeys): void {
  world.deps = { ...world.deps, qrKeys: () => keys };
}

function fieldsOf(payload: string): QrFields {
  const decoded = decodeQr(payload);
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.issues));
  return decoded.qr.fields;
}

const ask = (payload: string) => authenticateCode(world.deps, payload, fieldsOf(payload));

/** What whoever holds the key would make of the payment's code with another name on it. */
function signedAnew(name: string): string {
  const { '63': _, '80': __, ...fields } = fieldsOf(payment.facts.qrPayload);
  const { id, merchantId, amount, expiresAt } = payment.facts;
  const signed = signCode({
    fields: { ...fields, '59': name },
    payment: { id, merchantId, amount, expiresAtMs: Date.parse(expiresAt) },
    keys: [old],
  });
  if (!signed.ok) throw new Error(JSON.stringify(signed.issues));
  return signed.payload;
}

test.each<[string, QrKeys, string, number]>([
  ['before a rotation', [old], 'authentic', 1],
  ['while both are valid', [young, old], 'authentic', 1],
  ['after it', [young], 'unknown_key', 0],
  ['with another secret under the same id', [qrKey('old', Buffer.alloc(32, 3))], 'forged', 1],
])('%s', async (_, keys, expected, count) => {
  useKeys(...keys);

  expect(await ask(payment.facts.qrPayload)).toBe(expected);
  expect(reads).toEqual(Array(count).fill(payment.facts.id));
});

test('who holds the key can make the same code and no other', async () => {
  expect(signedAnew('Shop')).toBe(payment.facts.qrPayload);
  expect(await ask(signedAnew('Thief'))).toBe('forged');
});

test('a code that is not ours is never asked about', async () => {
  isDown = true;

  expect(
    await ask(
      '00020101021126310015com.example.pay0108123456785204581253037025802SG5911Kopi Corner6009Singapore6304392A',
    ),
  ).toBe('not_ours');
  expect(reads).toEqual([]);
});

test('what the store does not answer is no verdict', async () => {
  isDown = true;

  await expect(ask(payment.facts.qrPayload)).rejects.toMatchObject({ code: 'store-unavailable' });
  expect(reads).toHaveLength(1);
});
