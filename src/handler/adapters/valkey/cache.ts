/**
 * The way to the cache, and its circuit breaker: no call takes longer than its deadline, and after a few late ones the connection is given
 * up, so that calls fail at once until another one has been made. Whoever calls goes on without an answer.
 */
import type { Clock } from '../../app/ports';
import { LIMITS } from '../../domain/limits';
import type { Argument, CacheClient } from './client';

export interface CacheOptions {
  connect(): Promise<CacheClient>;
  readonly clock: Clock;
  /** How often a connection that nobody uses is looked after. @default LIMITS.cachePingMs */
  readonly pingMs?: number;
  /** Told once each time that it comes and goes. */
  onChange(isUp: boolean, reason?: unknown): void;
}

export class Cache {
  private client: CacheClient | undefined;
  private lateCalls = 0;
  private silentSince = 0;
  private giveUp: (reason: unknown) => void = () => undefined;
  private readonly subscriptions: (readonly [channel: string, listener: (message: string) => void])[] = [];
  private readonly closing = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private told: boolean | undefined;

  constructor(private readonly options: CacheOptions) {}

  get isUp(): boolean {
    return this.client !== undefined;
  }

  /** Before `open`. Every connection listens from its start. */
  subscribe(channel: string, listener: (message: string) => void): void {
    this.subscriptions.push([channel, listener]);
  }

  /** Connects, and again whenever the connection is lost, until it is closed. */
  open(): void {
    this.running = this.keepConnected();
  }

  /** `undefined`: the cache is down, late, or refuses. Never rejects. */
  call(key: string, args: readonly Argument[]): Promise<unknown> {
    return this.ask((client) => client.send(args, key));
  }

  publish(channel: string, message: string): Promise<unknown> {
    return this.ask((client) => client.publish(channel, message));
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.giveUp('closed');
    if (this.isUp) await this.running; // one that is being made is thrown away when it comes
  }

  private async ask(question: (client: CacheClient) => Promise<unknown>): Promise<unknown> {
    const { client } = this;
    if (client === undefined) return undefined;
    const askedAt = this.options.clock.elapsedMs();
    const answer = await answerInTime(question(client));
    if (client === this.client) this.judge(answer !== LATE, askedAt);
    return answer === LATE ? undefined : answer;
  }

  /** Many calls that are late together are one pause, which happens; it takes some time to be silence. */
  private judge(isInTime: boolean, askedAt: number): void {
    if (isInTime || this.lateCalls === 0) this.silentSince = askedAt;
    this.lateCalls = isInTime ? 0 : this.lateCalls + 1;
    const silentMs = this.options.clock.elapsedMs() - this.silentSince;
    if (this.lateCalls < LIMITS.cacheLateCalls || silentMs < LIMITS.cacheSilentMs) return;
    this.client = undefined;
    this.giveUp(new Error('the cache does not answer in time'));
  }

  private async keepConnected(): Promise<void> {
    const { clock } = this.options;
    const { signal } = this.closing;
    const { first, most } = LIMITS.cacheReconnectMs;
    for (let tries = 0; !signal.aborted; tries++) {
      const begun = clock.elapsedMs();
      const reason = await this.serve().catch((error: unknown) => error);
      this.client = undefined;
      if (!signal.aborted) this.tell(false, reason);
      if (clock.elapsedMs() - begun > LIMITS.cachePingMs) tries = 0; // a connection that breaks at once is none
      await clock.sleep(Math.random() * Math.min(most, first * 2 ** tries), signal).catch(() => undefined);
    }
  }

  /** One connection from beginning to end. Resolves with the reason for its end. */
  private async serve(): Promise<unknown> {
    const client = await this.options.connect();
    try {
      const givenUp = new Promise<unknown>((resolve) => {
        this.giveUp = resolve;
      });
      const gone = Promise.race([client.lost, givenUp]);
      const ready = this.listen(client).then(() => client.send(['PING']));
      if ((await answerInTime(ready)) === LATE) throw new Error('the cache is too slow');
      await ready;
      if (this.closing.signal.aborted) return undefined;
      this.lateCalls = 0;
      this.client = client;
      this.tell(true);
      return await this.pingUntil(gone);
    } finally {
      client.destroy();
    }
  }

  private async listen(client: CacheClient): Promise<void> {
    await Promise.all(this.subscriptions.map(([channel, listener]) => client.subscribe(channel, listener)));
  }

  /** A connection that nobody uses is looked after all the same: it is to carry wake-ups. */
  private async pingUntil(gone: Promise<unknown>): Promise<unknown> {
    const { pingMs = LIMITS.cachePingMs } = this.options;
    const timer = setInterval(() => void this.ask((client) => client.send(['PING'])), pingMs);
    return gone.finally(() => clearInterval(timer));
  }

  private tell(isUp: boolean, reason?: unknown): void {
    if (this.told === isUp) return;
    this.told = isUp;
    this.options.onChange(isUp, reason);
  }
}

const LATE = Symbol('late');

/** After the deadline there is one more look at what has come in: it may have been this process that was busy. */
function answerInTime(answer: Promise<unknown>): Promise<unknown> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => setImmediate(resolve, LATE), LIMITS.cacheCallMs);
    const settle = (value: unknown) => {
      clearTimeout(timer);
      resolve(value);
    };
    answer.then(settle, () => settle(undefined));
  });
}
