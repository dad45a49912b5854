/** What the process says of itself. Cheap, and telling nothing of the inside. */
import type { PaymentStore } from '../app/ports';
import { Problem } from '../domain/errors';

/** Probes come from many sides at once; the store is asked once a second at most. */
const FRESH_MS = 1_000;

export class Health {
  private draining = false;
  private asked = 0;
  private answer: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: Pick<PaymentStore, 'ping'>,
    private readonly now: () => number = Date.now,
  ) {}

  get isDraining(): boolean {
    return this.draining;
  }

  startDraining(): void {
    this.draining = true;
  }

  /** @throws Problem where it can serve nobody */
  async checkReady(): Promise<void> {
    if (this.draining) throw new Problem('overloaded', 'The process is stopping.', { retryAfterSeconds: 1 });
    if (this.now() - this.asked >= FRESH_MS) {
      this.asked = this.now();
      this.answer = this.store.ping();
    }
    await this.answer;
  }
}
