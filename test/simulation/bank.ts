/**
 * A bank with books of its own. Idempotent by opKey, as the connector protocol asks; it says what it did, and now and then takes back what
 * it said. It knows what may follow on what, so that it notices when it is asked for the impossible.
 */
import type { BankOperation, BankRecord } from '../../src/handler/app/ports';
import type { Ground } from './ground';

export interface Entry {
  readonly operation: BankOperation;
  record: BankRecord;
  /** Somebody else's: under this opKey there was another body. */
  readonly foreign: boolean;
  /** It had said declined. */
  changedItsMind: boolean;
  /** How often money moved for it. */
  effects: number;
}

export type BankReply = 'never seen' | 'other body' | BankRecord;

export interface Call {
  readonly method: 'PUT' | 'GET';
  readonly operation: BankOperation;
}

/**
 * Whether the bank holds another amount under that name than it was asked for, from somebody else. Unless its 409 was heard, no answer of it
 * is about this step, which by the protocol stays unknown for as long as that is so.
 */
export function isUnanswerable(banks: readonly Bank[], opKey: string): boolean {
  return banks.some((bank) => {
    const entry = bank.entries.get(opKey);
    return entry?.foreign === true && entry.record.amount.value !== entry.operation.amount.value;
  });
}

export class Bank {
  readonly entries = new Map<string, Entry>();
  /** Everything it was asked, whether it arrived or not. */
  readonly calls: Call[] = [];
  /** Who was told of which steps that they were approved. */
  readonly toldApproved = new Map<string, { readonly alive: boolean }[]>();

  constructor(
    readonly name: string,
    private readonly ground: Ground,
  ) {}

  put(operation: BankOperation): BankReply {
    const known = this.entries.get(operation.opKey);
    if (known !== undefined) return known.foreign || !isSame(known.operation, operation) ? 'other body' : known.record;
    const foreign = this.ground.faults.hits('bank-knows-other-body');
    const entry = { operation, foreign, changedItsMind: false, effects: 1, record: this.decide(operation, foreign) };
    this.entries.set(operation.opKey, entry);
    this.ground.trace(() => `bank ${this.name}: ${operation.opKey} ${JSON.stringify(entry.record)}`);
    this.mayChangeItsMind(entry);
    return foreign ? 'other body' : entry.record;
  }

  get(opKey: string): BankReply {
    return this.entries.get(opKey)?.record ?? 'never seen';
  }

  told(opKey: string, result: string, who: { readonly alive: boolean }): void {
    if (result === 'approved') this.toldApproved.set(opKey, [...(this.toldApproved.get(opKey) ?? []), who]);
  }

  private decide(operation: BankOperation, foreign: boolean): BankRecord {
    const { random, faults } = this.ground;
    const { kind, amount, payerToken = '' } = operation;
    const paying = kind === 'authorize' || kind === 'sale';
    const wavers = paying && faults.has('bank-changes-its-mind') && random.chance(0.3);
    const declined = wavers || (paying && payerToken.includes('decline')) || faults.hits('bank-declines');
    const refusal = declined ? 'do_not_honor' : this.whyImpossible(operation);
    const part = foreign ? random.pick([0.5, 1, 1, 2]) : 1;
    return {
      result: refusal === undefined ? 'approved' : 'declined',
      code: refusal ?? 'approved',
      reference: `ref-${this.entries.size + 1}`,
      amount: { currency: amount.currency, value: Math.max(1, Math.floor(amount.value * part)) },
    };
  }

  /** A process that follows its own books never asks for what cannot be. */
  private whyImpossible({ opKey, kind, amount, originalOpKey }: BankOperation): string | undefined {
    if (kind === 'authorize' || kind === 'sale') return undefined;
    const original = originalOpKey === undefined ? undefined : this.entries.get(originalOpKey);
    const used = (of: string) => this.approvedAfter(originalOpKey, of);
    const why =
      original?.record.result !== 'approved'
        ? 'nothing_to_follow'
        : kind === 'refund'
          ? used('refund') + amount.value > original.record.amount.value && 'more_than_taken'
          : (used('cancel') > 0 || used('capture') > 0) && 'no_longer_reserved';
    if (typeof why !== 'string') return undefined;
    this.ground.violate('I07', `the bank was asked for ${opKey}, which cannot be: ${why}`);
    return why;
  }

  private approvedAfter(originalOpKey: string | undefined, kind: string): number {
    let sum = 0;
    for (const { operation, record } of this.entries.values()) {
      if (operation.originalOpKey !== originalOpKey || operation.kind !== kind || record.result !== 'approved')
        continue;
      sum += record.amount.value;
    }
    return sum;
  }

  private mayChangeItsMind(entry: Entry): void {
    const { kind } = entry.operation;
    if (entry.record.result === 'approved' || entry.foreign || (kind !== 'authorize' && kind !== 'sale')) return;
    if (!this.ground.faults.hits('bank-changes-its-mind')) return;
    this.ground.scheduler.in(this.ground.random.int(50, 15_000), () => {
      this.ground.trace(() => `bank ${this.name}: ${entry.operation.opKey} is approved after all`);
      entry.changedItsMind = true;
      entry.record = { ...entry.record, result: 'approved', code: 'approved' };
    });
  }
}

function isSame(one: BankOperation, other: BankOperation): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
