/**
 * Lets writes through to a table that is the one its payments were written for, and to no other: a restored table lacks what the bank has
 * done since, so that every step from there could be a second one.
 */
import { Problem } from '../../domain/errors';
import { LIMITS } from '../../domain/limits';
import type { TableMarker } from './table-marker';

/** Told when writes are frozen, and when they are let through again. */
export type OnFreeze = (isFrozen: boolean) => void;

export class TableFence {
  private state: 'not known' | 'open' | 'frozen' = 'not known';
  private looking: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly marker: Pick<TableMarker, 'isOurs'>,
    private readonly onFreeze: OnFreeze,
  ) {}

  get isOpen(): boolean {
    return this.state === 'open';
  }

  /** Looks now, and again and again until it is closed. A table that cannot be asked now is asked before the first write. */
  async start(): Promise<void> {
    await this.look().catch(() => undefined);
    if (this.closed) return;
    this.timer = setTimeout(() => void this.start(), LIMITS.tableCheckMs[this.state]).unref();
  }

  /** @throws Problem `writes-frozen`, or whatever keeps the table from being asked */
  async pass(): Promise<void> {
    if (this.state === 'not known') await this.look();
    if (this.isOpen) return;
    throw new Problem('writes-frozen', 'The payments table was restored, and is only read until it is reconciled.', {
      retryAfterSeconds: LIMITS.frozenRetrySeconds,
    });
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  /** However many wait, the table is asked once. */
  private look(): Promise<void> {
    this.looking ??= this.marker
      .isOurs()
      .then((ours) => this.become(ours ? 'open' : 'frozen'))
      .finally(() => {
        this.looking = undefined;
      });
    return this.looking;
  }

  private become(state: 'open' | 'frozen'): void {
    const before = this.state;
    this.state = state;
    if (state === 'frozen' ? before !== 'frozen' : before === 'frozen') this.onFreeze(state === 'frozen');
  }
}
