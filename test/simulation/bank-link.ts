/** A process's way to a bank, as the connector's port promises it: never rejects, and says only what it can believe. */
import type { BankAnswer, BankOperation, Connector } from '../../src/handler/app/ports';
import type { Bank, BankReply } from './bank';
import { type Ground, latency } from './ground';
import type { Answer, Life } from './process';
import type { Table } from './table';

type Reply = BankAnswer | { readonly result: 'absent' };
type Method = 'PUT' | 'GET';

const UNKNOWN: BankAnswer = { result: 'unknown' };

export class BankLink implements Connector {
  /** Steps of which this process knows for certain that a PUT is right, or that it is not. */
  private readonly mayPut = new Map<string, boolean>();
  /** Steps that it has sent as the first, after writing the intent itself. */
  private readonly begun = new Set<string>();

  constructor(
    private readonly life: Life,
    private readonly ground: Ground,
    private readonly bank: Bank,
    private readonly table: Table,
  ) {}

  async put(operation: BankOperation, signal: AbortSignal): Promise<BankAnswer> {
    const reply = await this.call('PUT', operation, signal);
    return reply.result === 'absent' ? UNKNOWN : reply;
  }

  get(operation: BankOperation, signal: AbortSignal): Promise<Reply> {
    return this.call('GET', operation, signal);
  }

  private async call(method: Method, operation: BankOperation, signal: AbortSignal): Promise<Reply> {
    const { opKey } = operation;
    if (this.life.alive) this.checkCall(method, operation);
    const reply = await this.life.ask<Reply>(`${method} ${opKey}`, (answer) => {
      if (signal.aborted) return answer(0, () => UNKNOWN);
      signal.addEventListener('abort', () => answer(0, () => UNKNOWN), { once: true });
      this.send(method, operation, answer);
    });
    if (reply.result !== 'not-sent') this.mayPut.set(opKey, reply.result === 'absent');
    else if (method === 'PUT') this.begun.delete(opKey);
    this.bank.told(opKey, reply.result, this.life);
    this.ground.count(`bank ${reply.result}`);
    this.ground.trace(() => `${this.life.name}: ${method} ${opKey} → ${JSON.stringify(reply)}`);
    return reply;
  }

  /** The intent stands in the store first; and who does not know that the bank has never seen a step asks, and does not repeat it. */
  private checkCall(method: Method, operation: BankOperation): void {
    const { opKey, paymentId } = operation;
    this.bank.calls.push({ method, operation });
    const intent = this.table.intent(opKey);
    const standing = this.table.current(paymentId)?.state.operations.find(({ op }) => `${paymentId}.${op}` === opKey);
    if (intent === undefined || standing === undefined) {
      this.ground.violate('I05', `${this.life.name} sends ${method} ${opKey} and has not written that it will`);
    }
    if (method === 'PUT' && this.mayPut.get(opKey) !== true && !this.isFirst(opKey)) {
      this.ground.violate(
        'I07',
        `${this.life.name} repeats PUT ${opKey} without knowing that the bank has never seen it`,
      );
    }
  }

  /** Who has written the intent may send it, once. */
  private isFirst(opKey: string): boolean {
    const isFirst = this.table.intent(opKey)?.by === this.life.name && !this.begun.has(opKey);
    this.begun.add(opKey);
    return isFirst;
  }

  private send(method: Method, operation: BankOperation, answer: Answer<Reply>): void {
    const { faults, random, scheduler } = this.ground;
    const soon = latency(this.ground);
    const down = faults.lasts('bank-down', 2_000, 40_000);
    if (faults.hits('bank-not-connected')) answer(soon, () => ({ result: 'not-sent' }));
    else if ((down && random.chance(0.7)) || faults.hits('bank-request-lost')) return;
    else if (faults.hits('bank-reset-before') || faults.hits('bank-5xx-before')) answer(soon, () => UNKNOWN);
    else {
      const late = method === 'PUT' && faults.hits('bank-put-late');
      scheduler.in(late ? random.int(200, 15_000) : soon, () => {
        const reply = this.arrive(method, operation);
        if (!down) this.answer(method, operation, reply, answer);
      });
    }
  }

  private arrive(method: Method, operation: BankOperation): BankReply {
    const { faults, random, scheduler } = this.ground;
    if (method === 'GET') return this.bank.get(operation.opKey);
    if (faults.hits('bank-put-twice')) scheduler.in(random.int(1, 15_000), () => this.bank.put(operation));
    return this.bank.put(operation);
  }

  private answer(method: Method, operation: BankOperation, reply: BankReply, answer: Answer<Reply>): void {
    const { faults, random } = this.ground;
    if (faults.hits('bank-reply-lost')) return;
    const backMs = latency(this.ground) + (faults.hits('bank-slow') ? random.int(200, 8_000) : 0);
    const broken = faults.hits('bank-reset-after') || faults.hits('bank-5xx-after');
    const said = faults.hits('bank-wrong-answer') ? this.garble(operation, reply) : believe(method, operation, reply);
    answer(backMs, () => (broken ? UNKNOWN : said));
  }

  /** About another operation; or of another amount, and another one each time. */
  private garble({ opKey, amount }: BankOperation, reply: BankReply): BankAnswer {
    const { random } = this.ground;
    if (typeof reply === 'string' || this.bank.entries.get(opKey)?.foreign || random.chance(0.5))
      return { result: 'mismatch' };
    return {
      result: 'mismatch',
      record: { ...reply, amount: { ...amount, value: amount.value + random.int(1, 1e9) } },
    };
  }
}

/** As the HTTP connector reads an answer. */
function believe(method: Method, { amount }: BankOperation, reply: BankReply): Reply {
  if (reply === 'other body') return { result: 'conflict' };
  if (reply === 'never seen') return method === 'GET' ? { result: 'absent' } : UNKNOWN;
  const { result, code, reference } = reply;
  const same = reply.amount.currency === amount.currency && reply.amount.value === amount.value;
  return same ? { result, code, reference } : { result: 'mismatch', record: reply };
}
