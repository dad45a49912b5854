/** The use cases against a model that was written from the outside contract: whatever is asked in whatever order, however the bank behaves. */
import fc from 'fast-check';
import { fold } from '../../../src/handler/domain/fold';
import type { Payment } from '../../../src/handler/domain/payment';
import { commands } from './model/commands';
import { finish } from './model/compare';
import { PaymentModel } from './model/payment-model';
import { Real } from './model/real';

const RUNS = 1_500;

/** What the runs have come across. */
const seen = {
  transitions: new Set<string>(),
  codes: new Set<string>(),
  events: new Set<string>(),
  asked: 0,
  steps: 0,
};

beforeAll(async () => {
  const methods = fc.constantFrom<'automatic' | 'manual'>('automatic', 'manual');
  const world = fc.asyncProperty(
    methods,
    fc.constantFrom(60, 900),
    commands,
    async (method, expiresInSeconds, steps) => {
      const real = await Real.open(method, expiresInSeconds);
      const model = new PaymentModel(method, real.expiresMs);
      await fc.asyncModelRun(() => ({ model, real }), steps);
      await finish(model, real);
      note(await real.stored(), real.codes);
    },
  );
  await fc.assert(world, { numRuns: RUNS });
}, 120_000);

function note({ events, state }: Payment, codes: ReadonlySet<string>): void {
  let before = 'created';
  for (let version = 2; version <= events.length; version++) {
    const { status } = fold(events, version);
    if (status !== before) seen.transitions.add(`${before} → ${status}`);
    before = status;
  }
  for (const code of codes) seen.codes.add(code);
  for (const { type } of events) seen.events.add(type);
  for (const { undoes } of state.operations) if (undoes !== undefined) seen.events.add('undo');
  seen.asked += state.operations.length;
}

test('answers and books are those of the contract, in every run (I02, I03, I06, I07, I10, I13, I14, I19, I20, I28, I37)', () => {
  expect(seen.asked).toBeGreaterThan(2 * RUNS);
});

test('only these transitions occur, and every one of them does (I08, I09, I11)', () => {
  expect([...seen.transitions].sort()).toEqual([
    'authorized → cancelled',
    'authorized → captured',
    'captured → partially_refunded',
    'captured → refunded',
    'created → authorized',
    'created → cancelled',
    'created → captured',
    'created → expired',
    'partially_refunded → refunded',
  ]);
});

test('the runs come across every kind of event and every refusal of an operation', () => {
  expect([...seen.events].sort()).toEqual([
    'cancelled',
    'created',
    'expired',
    'operation_declined',
    'operation_late',
    'operation_pending',
    'operation_succeeded',
    'operation_unknown',
    'undo',
  ]);
  expect([...seen.codes].sort()).toEqual([
    'amount-exceeded',
    'amount-mismatch',
    'currency-mismatch',
    'idempotency-in-progress',
    'idempotency-mismatch',
    'needs-reconciliation',
    'operation-in-progress',
    'payment-declined',
    'payment-state',
    'qr-mismatch',
    'version-mismatch',
  ]);
});
