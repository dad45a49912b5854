/** One payment, a store that can be restored to an earlier moment, and a bank that goes on meanwhile. */
import { ItemStore } from '../../../src/handler/adapters/memory/payment-store';
import { authorizePayment } from '../../../src/handler/app/authorize';
import { cancelPayment } from '../../../src/handler/app/cancel';
import { capturePayment } from '../../../src/handler/app/capture';
import type { CreatePaymentRequest } from '../../../src/handler/app/create-payment';
import type { BankAnswer, BankOperation, BankRecord, Connector } from '../../../src/handler/app/ports';
import { type Report, reconcile } from '../../../src/handler/app/reconcile';
import { refundPayment } from '../../../src/handler/app/refund';
import { InFlight } from '../../../src/handler/app/settle';
import type { Payment } from '../../../src/handler/domain/payment';
import { command, PAY, World } from './world';

/** A bank that keeps books, as the contract has it. */
export class Books implements Connector {
  readonly records = new Map<string, BankRecord>();
  readonly asked: string[] = [];
  /** Says no to the next first step or capture. */
  declines = 0;
  down = false;

  async put({ opKey, amount }: BankOperation): Promise<BankAnswer> {
    this.asked.push(`PUT ${opKey.slice(opKey.indexOf('.') + 1)}`);
    const declined = this.declines > 0;
    if (declined) this.declines--;
    const result = declined ? 'declined' : 'approved';
    const record = this.records.get(opKey) ?? { result, code: result, reference: opKey, amount };
    this.records.set(opKey, record);
    return record.amount.value === amount.value ? record : { result: 'conflict' };
  }

  async get({ opKey, amount }: BankOperation): Promise<BankAnswer | { readonly result: 'absent' }> {
    this.asked.push(`GET ${opKey.slice(opKey.indexOf('.') + 1)}`);
    if (this.down) return { result: 'unknown' };
    const record = this.records.get(opKey);
    if (record === undefined) return { result: 'absent' };
    return record.amount.value === amount.value ? record : { result: 'mismatch', record };
  }

  /** Books by hand: of what no handler of ours asked. */
  book(payment: Payment, op: string, value: number, result: BankRecord['result'] = 'approved'): void {
    const amount = { currency: 'SGD', value };
    this.records.set(`${payment.facts.id}.${op}`, { result, code: result, reference: op, amount });
  }
}

const NO_JOURNAL = { append: async () => {}, ping: async () => {}, close: async () => {} };
export const MANUAL = { captureMethod: 'manual' } as const;
export const sgd = (value: number) => ({ amount: { currency: 'SGD', value } });

let store: ItemStore;
export let world: World;
export let books: Books;
export let payment: Payment;

/** Before each test. */
export function setUp(): void {
  store = new ItemStore('local', NO_JOURNAL);
  books = new Books();
  world = new World(store);
  useBanks({ default: books });
}

export function useBanks(banks: Record<string, Connector>): void {
  const names = Object.keys(banks);
  world.deps = { ...world.deps, connectors: { routeFor: () => names, find: (name) => banks[name] } };
}

export const authorize = () =>
  authorizePayment(world.deps, world.caller(), command(payment.facts.id, 'authorize', PAY));
export const capture = (body = {}) =>
  capturePayment(world.deps, world.caller(), command(payment.facts.id, 'capture', body));
export const cancel = () => cancelPayment(world.deps, world.caller(), command(payment.facts.id, 'cancel', {}));
export const refund = (value: number, key?: string) =>
  refundPayment(
    world.deps,
    world.caller(),
    command(payment.facts.id, 'refunds', sgd(value), key === undefined ? {} : { idempotencyKey: key }),
  );

export async function create(request: Partial<CreatePaymentRequest> = {}): Promise<void> {
  payment = await world.payment(request);
}

/** What is written after this moment is lost once `restore()` is called. */
export function remember(): string[] {
  return [...store.snapshot()];
}

export function restore(items: readonly string[]): void {
  store = new ItemStore('local', NO_JOURNAL);
  for (const json of items) store.restore(JSON.parse(json));
  world.deps = { ...world.deps, store, inFlight: new InFlight() };
  books.asked.length = 0;
}

export async function run(): Promise<Report[]> {
  const reports: Report[] = [];
  const scan = {
    async *pages() {
      yield [{ id: payment.facts.id, payment: await world.stored(payment.facts.id) }];
    },
  };
  expect(await reconcile(world.deps, scan, (report) => reports.push(report))).toBe(1);
  return reports;
}

export const stored = () => world.stored(payment.facts.id);
export const adopted = (...operations: string[]) => [{ payment: payment.facts.id, result: 'adopted', operations }];
