/**
 * What a payment is, written a second time from the outside contract and nothing else: no events, no revisions, no code of ours. It says
 * what every request must be answered and how the payment must look after it.
 */
export type Verb = 'authorize' | 'capture' | 'cancel' | 'refund';
export type Status =
  | 'created'
  | 'authorized'
  | 'captured'
  | 'partially_refunded'
  | 'refunded'
  | 'cancelled'
  | 'expired';

export interface Ask {
  readonly verb: Verb;
  readonly amount?: number;
  readonly currency: string;
  readonly qr: 'none' | 'right' | 'wrong';
}

/** What a request was answered, the first time that this was definite. */
export type Answer =
  | { readonly done: true; readonly version: number; readonly status: Status }
  | { readonly refused: string };

/** A request whose key counts. */
export interface Asked {
  readonly key: string;
  readonly ask: Ask;
  /** Not yet, while the bank has not said. */
  answer?: Answer;
}

/** A step at the bank that the payment waits for. */
export interface Open {
  readonly by: Asked;
  readonly amount: number;
  readonly begunMs: number;
  /** What the bank says when it can be heard again. */
  willDecline: boolean;
  /** Our record and the bank's cannot both be right. */
  disputed: boolean;
}

export type Verdict = { readonly refused: string } | { readonly begin: number } | { readonly cancels: true };

export const TOTAL = 1_000;
/** A process that has begun a step is left alone with it this long. */
const HANDS_OFF_MS = 7_000;
/** A decline after silence is asked after again this much later. */
const DOUBT_MS = 20_000;

export class PaymentModel {
  status: Status = 'created';
  authorized = 0;
  captured = 0;
  refunded = 0;
  version = 1;
  open: Open | undefined;
  /** Steps that the bank did late and that are not undone yet. */
  due: Verb[] = [];
  /** Only people can go on. */
  stuck = false;
  readonly asked: Asked[] = [];
  /** Declined after silence, and done all the same: nobody but the bank knows so far. */
  doubts: { readonly verb: Verb; readonly dueMs: number }[] = [];

  constructor(
    readonly captureMethod: 'automatic' | 'manual',
    readonly expiresMs: number,
  ) {}

  get isAtRest(): boolean {
    return this.open === undefined && this.due.length === 0 && this.doubts.length === 0 && !this.stuck;
  }

  shown() {
    const { status, authorized, captured, refunded, version } = this;
    return { status, authorized, captured, refunded, version };
  }

  /** Whoever looks first after the time to pay is over finds it expired, unless it is being paid. */
  look(nowMs: number): void {
    if (this.status !== 'created' || this.open !== undefined || nowMs < this.expiresMs) return;
    this.status = 'expired';
    this.version++;
  }

  /** What a request with a new key must be answered. */
  judge({ verb, amount, currency, qr }: Ask): Verdict {
    if (this.stuck) return { refused: 'needs-reconciliation' };
    if (this.open !== undefined || this.due.length > 0) return { refused: 'operation-in-progress' };
    switch (verb) {
      case 'authorize':
        if (this.status !== 'created') return { refused: 'payment-state' };
        if (qr === 'wrong') return { refused: 'qr-mismatch' };
        if (amount !== undefined && currency !== 'SGD') return { refused: 'currency-mismatch' };
        return amount === undefined || amount === TOTAL ? { begin: TOTAL } : { refused: 'amount-mismatch' };
      case 'cancel':
        if (this.status === 'created') return { cancels: true };
        return this.status === 'authorized' ? { begin: this.authorized } : { refused: 'payment-state' };
      case 'capture':
        return this.status === 'authorized'
          ? this.within(this.authorized, amount, currency)
          : { refused: 'payment-state' };
      case 'refund':
        return this.status === 'captured' || this.status === 'partially_refunded'
          ? this.within(this.captured - this.refunded, amount, currency)
          : { refused: 'payment-state' };
    }
  }

  begin(by: Asked, amount: number, begunMs: number): void {
    this.open = { by, amount, begunMs, willDecline: false, disputed: false };
    this.version++;
    this.asked.push(by);
  }

  /** The bank did it: what was asked, or by its own record another amount, if the books can hold that. */
  succeed(done = this.open!.amount): void {
    const { by, amount } = this.open!;
    const { verb } = by.ask;
    const most = { authorize: TOTAL, capture: this.authorized, cancel: amount, refund: this.captured - this.refunded };
    if (done > most[verb] || (verb === 'cancel' && done !== amount)) {
      this.dispute();
      return;
    }
    this.version++;
    this.open = undefined;
    if (verb === 'authorize') this.authorized = done;
    if (verb === 'capture' || (verb === 'authorize' && this.captureMethod === 'automatic')) this.captured = done;
    if (verb === 'refund') this.refunded += done;
    this.status = this.statusAfter(verb);
    by.answer = { done: true, version: this.version, status: this.status };
  }

  /** Nobody has paid, so the bank has nothing to void. */
  cancelUnpaid(): Answer {
    this.version++;
    this.status = 'cancelled';
    return { done: true, version: this.version, status: this.status };
  }

  decline(): void {
    this.version++;
    this.open!.by.answer = { refused: 'payment-declined' };
    this.open = undefined;
  }

  /** No answer in time: still open. */
  remainUnknown(willDecline: boolean): void {
    this.version++;
    this.open!.willDecline = willDecline;
  }

  private dispute(): void {
    this.version++;
    this.open!.disputed = true;
    this.stuck = true;
  }

  /** The bank says that it has done after all what it had declined. */
  late(verb: Verb): void {
    this.version++;
    if (verb === 'cancel' || verb === 'refund') this.stuck = true;
    else this.due.push(verb);
  }

  doubt(verb: Verb, nowMs: number): void {
    this.doubts.push({ verb, dueMs: nowMs + DOUBT_MS });
  }

  /** Begun long enough ago for anybody to go on with it. */
  isAbandoned(nowMs: number): boolean {
    return this.open !== undefined && nowMs - this.open.begunMs >= HANDS_OFF_MS;
  }

  /** Somebody comes by: a request on the payment, or the sweep. The bank can be heard. */
  goOn(nowMs: number, agreesToUndo = true): void {
    if (this.open === undefined) {
      if (this.due.length > 0) this.undo(agreesToUndo);
    } else if (this.isAbandoned(nowMs) && !this.open.disputed) {
      if (this.open.willDecline) this.decline();
      else this.succeed();
    }
  }

  /** The sweep also asks after what was declined after silence, first of all; to undo what it finds is for the next one. */
  sweep(nowMs: number, agreesToUndo: boolean): void {
    const found = this.doubts.filter(({ dueMs }) => dueMs <= nowMs);
    this.doubts = this.doubts.filter(({ dueMs }) => dueMs > nowMs);
    const wasWaiting = this.open !== undefined || this.due.length > 0;
    for (const { verb } of found) this.late(verb);
    if (wasWaiting) this.goOn(nowMs, agreesToUndo);
  }

  /** One late step is undone, or the bank refuses to: an intent and an outcome, and nothing else changes. */
  private undo(bankAgrees: boolean): void {
    this.due.shift();
    this.version += 2;
    if (!bankAgrees) this.stuck = true;
  }

  private within(left: number, amount: number | undefined, currency: string): Verdict {
    if (amount !== undefined && currency !== 'SGD') return { refused: 'currency-mismatch' };
    return (amount ?? left) > left ? { refused: 'amount-exceeded' } : { begin: amount ?? left };
  }

  private statusAfter(verb: Verb): Status {
    switch (verb) {
      case 'authorize':
        return this.captureMethod === 'automatic' ? 'captured' : 'authorized';
      case 'capture':
        return 'captured';
      case 'cancel':
        return 'cancelled';
      case 'refund':
        return this.refunded === this.captured ? 'refunded' : 'partially_refunded';
    }
  }
}
