/**
 * One request to a bank and its reply, whatever becomes of it. What matters is whether anything can have reached the bank: nothing can
 * before a connection, with its TLS, stands and the request is begun on it; anything can from then on.
 */
import type { Dispatcher } from 'undici';

export interface Request {
  readonly method: 'PUT' | 'GET';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** `lost`: the request may have reached the bank, and its reply did not come back whole. */
export type ExchangeResult = Reply | 'lost' | 'not-sent';

/** Never rejects. */
export function exchange(dispatcher: Dispatcher, request: Request, signal: AbortSignal): Promise<ExchangeResult> {
  if (signal.aborted) return Promise.resolve('not-sent');
  return new Promise((resolve) => {
    const { method, path, headers, body } = request;
    dispatcher.dispatch({ method, path, headers, body: body === '' ? null : body }, new Exchange(signal, resolve));
  });
}

/** The dispatcher's own `request()` makes a stream of every reply, and does not tell whether anything was sent. */
class Exchange implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  private over = false;
  private status = 0;
  private readonly chunks: Buffer[] = [];

  constructor(
    private readonly signal: AbortSignal,
    private readonly resolve: (result: ExchangeResult) => void,
  ) {
    signal.addEventListener('abort', this.giveUp);
  }

  /** A connection is there and nothing was written yet. To throw here keeps it so: after the end, and a second time. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.over || this.controller !== undefined) throw new Error('not to be sent');
    this.controller = controller;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number): void {
    this.status = status;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.end({ status: this.status, text: Buffer.concat(this.chunks).toString() });
  }

  onResponseError(): void {
    this.end(this.controller === undefined ? 'not-sent' : 'lost');
  }

  private readonly giveUp = (): void => {
    const { controller } = this;
    this.onResponseError();
    controller?.abort(new Error('out of time'));
  };

  private end(result: ExchangeResult): void {
    this.over = true;
    this.signal.removeEventListener('abort', this.giveUp);
    this.resolve(result);
  }
}
