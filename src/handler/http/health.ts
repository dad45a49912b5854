/** What the process says of itself. Cheap, and telling nothing of the inside. */
import type { PaymentStore } from '../app/ports';
import { Problem } from '../domain/errors';
import { LIMITS } from '../domain/limits';

export class Health {
  private draining = false;
  private askedAt = Number.NEGATIVE_INFINITY;
  private answeredAt = Number.NEGATIVE_INFINITY;
  private answer: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: Pick<PaymentStore, 'ping' | 'isFrozen'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get isDraining(): boolean {
    return this.draining;
  }

  startDraining(): void {
    this.draining = true;
  }

  /**
   * Whether this process can serve. A store that is gone for moments is no reason to replace every process at once, which is what a load
   * balancer's answer comes to: they could do no better.
   * @throws Problem
   */
  async checkReady(): Promise<void> {
    this.checkDraining();
    await this.checkStore().catch((error: unknown) => {
      if (this.now() - this.answeredAt > LIMITS.storeGraceMs) throw error;
    });
  }

  /** Whether this Region may take payments, as of now. @throws Problem */
  async checkRegion(): Promise<void> {
    this.checkDraining();
    await this.checkStore();
    if (this.store.isFrozen()) {
      throw new Problem('writes-frozen', 'The store was restored, and is only read until it is reconciled.', {
        retryAfterSeconds: LIMITS.frozenRetrySeconds,
      });
    }
  }

  private checkDraining(): void {
    if (this.draining) throw new Problem('overloaded', 'The process is stopping.', { retryAfterSeconds: 1 });
  }

  /** Probes come from many sides at once; the store is asked once a second at most. */
  private checkStore(): Promise<void> {
    if (this.now() - this.askedAt >= LIMITS.storeProbeMs) {
      this.askedAt = this.now();
      this.answer = this.store.ping().then(() => {
        this.answeredAt = this.now();
      });
    }
    return this.answer;
  }
}
