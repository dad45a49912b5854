/** The use cases as a client meets them, on the real memory store, with banks and a clock that do as they are told. */

import { toItem } from '../../../../src/handler/adapters/stored-payment';
import { authorizePayment } from '../../../../src/handler/app/authorize';
import { cancelPayment } from '../../../../src/handler/app/cancel';
import { capturePayment } from '../../../../src/handler/app/capture';
import type { OperationReply } from '../../../../src/handler/app/operate';
import { readPayment } from '../../../../src/handler/app/read-payment';
import { refundPayment } from '../../../../src/handler/app/refund';
import { Problem } from '../../../../src/handler/domain/errors';
import type { Payment } from '../../../../src/handler/domain/payment';
import { command, turn, World } from '../world';
import { Banks } from './banks';
import type { Ask } from './payment-model';

export type Reply =
  | { readonly payment: Payment; readonly version: number; readonly definite: boolean; readonly replayed: boolean }
  | { readonly refused: string; readonly replayed: boolean };

export class Real {
  readonly banks = new Banks();
  readonly world = new World();
  /** Every code that a request was answered with. */
  readonly codes = new Set<string>();
  private payment!: Payment;

  static async open(captureMethod: 'automatic' | 'manual', expiresInSeconds: number): Promise<Real> {
    const real = new Real();
    real.world.deps = { ...real.world.deps, connectors: real.banks };
    real.payment = await real.world.payment({ captureMethod, expiresInSeconds });
    return real;
  }

  get id(): string {
    return this.payment.facts.id;
  }

  get expiresMs(): number {
    return Date.parse(this.payment.facts.expiresAt);
  }

  nowMs(): number {
    return this.world.clock.now().getTime();
  }

  stored(): Promise<Payment> {
    return this.world.stored(this.id);
  }

  ask(ask: Ask, idempotencyKey: string, expectedVersion?: number): Promise<Reply> {
    return this.reply(this.send(ask, idempotencyKey, expectedVersion));
  }

  read(): Promise<Payment> {
    return readPayment(this.world.deps, this.world.caller(), this.id);
  }

  /** One look of the sweep, of this process or of another. */
  async sweep(deps = this.world.deps): Promise<void> {
    await this.world.sweep(deps);
    if (this.world.sweepErrors.length > 0) throw this.world.sweepErrors[0];
  }

  /** Until nothing goes on in the background. */
  async quiet(): Promise<void> {
    for (let turns = 0; turns < 3; turns++) {
      await turn();
      await this.world.deps.inFlight.idle();
    }
  }

  /** Asks, and dies while the bank has the question. */
  async askAndDie(ask: Ask, idempotencyKey: string): Promise<void> {
    void this.send(ask, idempotencyKey);
    while (this.banks.fates.length > 0) await turn();
    this.world.restart();
    await this.quiet();
  }

  /** Asks, and is stopped with the bank's answer on its way; meanwhile another process is told that the bank declined. */
  async askAndBeOvertaken(ask: Ask, idempotencyKey: string): Promise<Reply> {
    const reply = this.reply(this.send(ask, idempotencyKey));
    while (!this.banks.isHolding) await turn();
    this.world.clock.advance(7_000);
    this.banks.fates.push('says-declined');
    await this.sweep(this.world.another());
    this.banks.letGo();
    return reply;
  }

  private send({ verb, amount: value, currency, qr }: Ask, idempotencyKey: string, expectedVersion?: number) {
    const { deps } = this.world;
    const caller = this.world.caller();
    const amount = value === undefined ? {} : { amount: { currency, value } };
    const qrPayload = qr === 'none' ? {} : { qrPayload: qr === 'right' ? this.payment.facts.qrPayload : 'another' };
    const more = { idempotencyKey, expectedVersion };
    switch (verb) {
      case 'authorize':
        return authorizePayment(
          deps,
          caller,
          command(this.id, verb, { payer: { token: 'tok_1' }, ...amount, ...qrPayload }, more),
        );
      case 'capture':
        return capturePayment(deps, caller, command(this.id, verb, amount, more));
      case 'cancel':
        return cancelPayment(deps, caller, command(this.id, verb, {}, more));
      case 'refund':
        return refundPayment(deps, caller, command(this.id, verb, amount, more));
    }
  }

  private async reply(work: Promise<OperationReply>): Promise<Reply> {
    try {
      const reply = await work;
      // What is told must be what a store would take.
      toItem(reply.payment, 'local');
      return reply;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.codes.add(error.code);
      return { refused: error.code, replayed: error.options.replayed ?? false };
    }
  }
}
