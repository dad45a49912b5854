/** Two banks that keep books of their own, and a network between them and us that does to the next questions what it is told to. */
import type { BankAnswer, BankOperation, Connector, Connectors } from '../../../../src/handler/app/ports';

/** What becomes of one question. `hang`: it never comes back, for whoever asked has died. */
export type Fate =
  | 'approve'
  | 'decline'
  | 'not-sent'
  | 'lost'
  | 'done-lost'
  | 'declined-lost'
  | 'done-silence'
  | 'declined-silence'
  | 'hang'
  | 'hang-done'
  | 'held'
  | 'says-declined'
  | { readonly differs: number };

interface Entry {
  readonly operation: BankOperation;
  readonly amount: number;
  result: 'approved' | 'declined';
}

export class Banks implements Connectors {
  readonly fates: Fate[] = [];
  /** Nothing gets through, either way. */
  silent = false;
  private readonly books = new Map<string, Entry>();
  private release: (() => void) | undefined;
  private readonly banks = new Map<string, Connector>(['first', 'second'].map((name) => [name, this.bank(name)]));

  routeFor(): readonly string[] {
    return [...this.banks.keys()];
  }

  find(name: string): Connector | undefined {
    return this.banks.get(name);
  }

  /** What is `held` goes through now, and is done. */
  letGo(): void {
    this.release?.();
  }

  get isHolding(): boolean {
    return this.release !== undefined;
  }

  /** A bank does after all what it has declined. */
  changeMind(opKey: string): void {
    for (const entry of this.books.values()) if (entry.operation.opKey === opKey) entry.result = 'approved';
  }

  /** What both banks hold together: reserved and not voided, and taken less given back. */
  totals(): { reserved: number; taken: number } {
    const done = [...this.books.values()].filter(({ result }) => result === 'approved');
    const sum = (entries: readonly Entry[]) => entries.reduce((total, { amount }) => total + amount, 0);
    const of = (...kinds: string[]) => done.filter(({ operation }) => kinds.includes(operation.kind));
    const voided = new Set(of('cancel').map(({ operation }) => operation.originalOpKey));
    return {
      reserved: sum(of('authorize').filter(({ operation }) => !voided.has(operation.opKey))),
      taken: sum(of('sale', 'capture')) - sum(of('refund')),
    };
  }

  private bank(name: string): Connector {
    return {
      put: (operation) => this.put(name, operation),
      get: (operation) => this.get(name, operation),
    };
  }

  private async put(bank: string, operation: BankOperation): Promise<BankAnswer> {
    if (this.silent) return { result: 'unknown' };
    const fate = this.fates.shift() ?? 'approve';
    if (typeof fate === 'object') this.book(bank, operation, 'approved', fate.differs);
    switch (fate) {
      case 'not-sent':
        return { result: 'not-sent' };
      case 'lost':
        return { result: 'unknown' };
      case 'hang':
        return new Promise(() => {});
      case 'hang-done':
        this.book(bank, operation, 'approved');
        return new Promise(() => {});
      case 'done-lost':
        this.book(bank, operation, 'approved');
        return { result: 'unknown' };
      case 'declined-lost':
        this.book(bank, operation, 'declined');
        return { result: 'unknown' };
      case 'done-silence':
        return this.fallSilent(bank, operation, 'approved');
      case 'declined-silence':
        return this.fallSilent(bank, operation, 'declined');
      case 'held':
        await new Promise<void>((resolve) => (this.release = resolve));
        this.release = undefined;
        return answer(this.book(bank, operation, 'approved'), operation);
      default: {
        const entry = this.book(bank, operation, fate === 'decline' ? 'declined' : 'approved');
        return entry.amount === operation.amount.value ? answer(entry, operation) : { result: 'conflict' };
      }
    }
  }

  private async get(bank: string, operation: BankOperation): Promise<BankAnswer | { result: 'absent' }> {
    if (this.silent) return { result: 'unknown' };
    if (this.fates[0] === 'says-declined') {
      this.fates.shift();
      return { result: 'declined', code: 'not_yet', reference: 'r' };
    }
    const entry = this.books.get(`${bank} ${operation.opKey}`);
    return entry === undefined ? { result: 'absent' } : answer(entry, operation);
  }

  private fallSilent(bank: string, operation: BankOperation, result: Entry['result']): BankAnswer {
    this.book(bank, operation, result);
    this.silent = true;
    return { result: 'unknown' };
  }

  /** The same step again is the same entry. */
  private book(
    bank: string,
    operation: BankOperation,
    result: Entry['result'],
    amount = operation.amount.value,
  ): Entry {
    const key = `${bank} ${operation.opKey}`;
    const entry = this.books.get(key) ?? { operation, result, amount };
    this.books.set(key, entry);
    return entry;
  }
}

function answer({ result, amount: value }: Entry, { amount }: BankOperation): BankAnswer {
  const word = { result, code: result === 'approved' ? 'approved' : 'do_not_honor', reference: 'r' };
  if (value === amount.value) return word;
  return { result: 'mismatch', record: { ...word, amount: { ...amount, value } } };
}
