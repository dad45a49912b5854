/** The one store that all processes share, with every write that it took, in order. */
import { createMemoryStore } from '../../src/handler/adapters/memory/payment-store';
import type { WriteResult } from '../../src/handler/app/ports';
import type { Payment } from '../../src/handler/domain/payment';
import { checkChange } from './check/changes';
import type { Ground } from './ground';

export interface Write {
  readonly atMs: number;
  /** Name of the process's life that sent it. */
  readonly by: string;
  readonly payment: Payment;
}

export class Table {
  readonly store = createMemoryStore();
  readonly writes: Write[] = [];
  /** The write that began each step, by opKey. */
  private readonly intents = new Map<string, Write>();
  private readonly standing = new Map<string, Payment>();

  constructor(private readonly ground: Ground) {}

  async write(payment: Payment, by: string, run: () => Promise<WriteResult>): Promise<WriteResult> {
    const result = await run();
    if (!result.written) {
      this.ground.count('write refused');
      return result;
    }
    const { id } = payment.facts;
    const write = { atMs: this.ground.scheduler.nowMs, by, payment };
    this.writes.push(write);
    const before = this.standing.get(id);
    const last = payment.events.at(-1);
    if (last?.type === 'operation_pending' && payment.events.length !== before?.events.length)
      this.intents.set(`${id}.${last.op}`, write);
    this.ground.trace(() => `table: ${id} r${payment.revision} ${news(before, payment)} of ${by}`);
    const moved = [before?.connector, payment.connector];
    if (!moved.includes(undefined) && moved[0] !== moved[1]) this.ground.count('fell over to the next bank');
    checkChange(this.ground, before, payment);
    this.standing.set(id, payment);
    return result;
  }

  /** What stands there, for who looks from outside. */
  current(id: string): Payment | undefined {
    return this.standing.get(id);
  }

  intent(opKey: string): Write | undefined {
    return this.intents.get(opKey);
  }

  /** Of one payment, in order. */
  writesOf(id: string): readonly Write[] {
    return this.writes.filter(({ payment }) => payment.facts.id === id);
  }

  payments(): readonly Payment[] {
    return [...this.standing.values()];
  }
}

function news(before: Payment | undefined, after: Payment): string {
  const events = after.events.slice(before?.events.length);
  const refusals = after.refusals.slice(before?.refusals.length);
  return JSON.stringify(events[0] ?? refusals[0] ?? { connector: after.connector });
}
