/**
 * One POST over a pool of kept-alive connections, with an exact deadline. Says of a request without a reply whether it may have reached
 * the service: only then can it have had an effect.
 */
import { type Dispatcher, Pool } from 'undici';
import { LIMITS } from '../../domain/limits';
import type { Headers } from './signer';

export interface Reply {
  readonly status: number;
  readonly text: string;
}

export class NoReply extends Error {
  override readonly name = 'NoReply';

  constructor(
    readonly sent: boolean,
    cause: Error,
  ) {
    super(`no reply: ${cause.message}`, { cause });
  }
}

export class Transport {
  private readonly pool: Pool;

  constructor(endpoint: URL, connections: number = LIMITS.awsConnections) {
    this.pool = new Pool(endpoint.origin, {
      connections,
      keepAliveTimeout: LIMITS.awsKeepAliveMs,
      keepAliveMaxTimeout: LIMITS.awsKeepAliveMs,
      // Every request has its own, exact timer; the pool's are good to a second only.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: LIMITS.storeAttemptMs },
    });
  }

  /** @throws NoReply */
  post(headers: Headers, body: string, timeoutMs: number): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(timeoutMs, resolve, reject);
      this.pool.dispatch({ method: 'POST', path: '/', headers, body }, exchange);
    });
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }
}

/** The pool's own `request()` makes a stream of every reply, which costs more than the reply is worth. */
class Exchange implements Dispatcher.DispatchHandler {
  private readonly timer: NodeJS.Timeout;
  private controller: Dispatcher.DispatchController | undefined;
  private failed = false;
  private status = 0;
  private bytes = 0;
  private readonly chunks: Buffer[] = [];

  constructor(
    timeoutMs: number,
    private readonly resolve: (reply: Reply) => void,
    private readonly reject: (error: NoReply) => void,
  ) {
    this.timer = setTimeout(() => this.giveUp(new Error(`none within ${Math.round(timeoutMs)} ms`)), timeoutMs);
  }

  /** A connection is there and nothing has been written to it yet. To throw gives it to the next request; to abort would close it. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.failed) throw new Error('given up before it was sent');
    this.controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    if (this.bytes > LIMITS.awsReplyBytes) this.giveUp(new Error(`it is longer than ${LIMITS.awsReplyBytes} bytes`));
  }

  onResponseEnd(): void {
    clearTimeout(this.timer);
    this.resolve({ status: this.status, text: Buffer.concat(this.chunks).toString() });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    clearTimeout(this.timer);
    this.failed = true;
    this.reject(new NoReply(this.controller !== undefined, error));
  }

  private giveUp(error: Error): void {
    this.failed = true;
    this.reject(new NoReply(this.controller !== undefined, error));
    this.controller?.abort(error);
  }
}
