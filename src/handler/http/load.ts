/**
 * What the process has taken on, and whether it takes on more. Two bounds, for two ways to be too much: a number, for requests that wait
 * for a bank or a store and cost no CPU meanwhile; and the time that one turn of the event loop has been serving requests, for then those
 * behind wait for the CPU, and no number shows it: each is over before the next is seen. Who is not admitted hears so at once, and nothing
 * has been done for it (I36).
 */
import { LIMITS } from '../domain/limits';

export interface LoadLimits {
  readonly requestsInFlight: number;
  readonly longPollsParked: number;
  readonly turnMs: number;
  readonly turnRequests: number;
}

export class Load {
  private inFlight = 0;
  private readonly parked = new Set<object>();
  /** Requests that this turn of the event loop has brought, and since when. */
  private turnRequests = 0;
  private turnBeganAt = 0;

  constructor(
    private readonly limits: LoadLimits = LIMITS,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Begun and not yet answered to the end, without those that are parked. */
  get requestsInFlight(): number {
    return this.inFlight;
  }

  get longPollsParked(): number {
    return this.parked.size;
  }

  /** Whether one more request may be served. */
  hasRoom(): boolean {
    return this.inFlight < this.limits.requestsInFlight && !this.isTurnOver();
  }

  begin(): void {
    this.inFlight++;
    if (this.turnRequests++ > 0) return;
    this.turnBeganAt = this.now();
    setImmediate(() => {
      this.turnRequests = 0;
    });
  }

  /** @param request whatever names it, the same as when it was parked */
  end(request: object): void {
    if (!this.parked.delete(request)) this.inFlight--;
  }

  /** Counts a begun request among those that wait, where there is room for it. */
  park(request: object): boolean {
    if (this.parked.has(request)) return true;
    if (this.parked.size >= this.limits.longPollsParked) return false;
    this.parked.add(request);
    this.inFlight--;
    return true;
  }

  /** A process that was held up in a turn of few requests has not too many of them. */
  private isTurnOver(): boolean {
    const { turnMs, turnRequests } = this.limits;
    return this.turnRequests >= turnRequests && this.now() - this.turnBeganAt > turnMs;
  }
}
