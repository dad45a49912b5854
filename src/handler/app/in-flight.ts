/** What this process has in hand, so that it does nothing twice at once and leaves nothing behind when it stops. */

import type { Payment } from '../domain/payment';
import { Doubts } from './doubts';

/** Operations that this process is driving; a second driver of the same one joins the first. */
export class InFlight {
  readonly doubts = new Doubts();
  private readonly running = new Map<string, Promise<Payment>>();

  has(opKey: string): boolean {
    return this.running.has(opKey);
  }

  run(opKey: string, work: () => Promise<Payment>): Promise<Payment> {
    const joined = this.running.get(opKey);
    if (joined !== undefined) return joined;
    const started = work().finally(() => this.running.delete(opKey));
    this.running.set(opKey, started);
    return started;
  }

  /** Resolves when nothing is being driven. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running.values());
  }
}
