/** The use cases and the model, side by side. */
import { isDeepStrictEqual } from 'node:util';
import { fold } from '../../../../src/handler/domain/fold';
import { dueUndo } from '../../../../src/handler/domain/operation';
import type { Answer, PaymentModel } from './payment-model';
import type { Real, Reply } from './real';

export function expectAnswer(reply: Reply, answer: Answer | undefined, replayed: boolean): void {
  if ('refused' in reply) {
    same(reply, { ...answer, replayed });
    return;
  }
  const { definite, version, payment } = reply;
  if (answer === undefined) {
    same(definite, false);
    return;
  }
  const { status } = fold(payment.events, version);
  same({ done: true, definite, version, status, replayed: reply.replayed }, { ...answer, definite: true, replayed });
}

/** The stored payment and both banks' books against the model. */
export async function compare(model: PaymentModel, real: Real): Promise<void> {
  await real.quiet();
  real.banks.fates.length = 0;
  const { state, events } = await real.stored();
  const { status, authorized, captured, refunded, version } = state;
  same(
    { status, authorized, captured, refunded, version, events: events.length, hasDue: dueUndo(state) !== undefined },
    { ...model.shown(), events: model.version, hasDue: model.due.length > 0 },
  );
  if (!model.isAtRest) return;
  const isReserved = model.captureMethod === 'manual' && status !== 'cancelled';
  same(real.banks.totals(), { reserved: isReserved ? authorized : 0, taken: captured - refunded });
}

/** `expect` makes an error each time, in case; that is most of the time that the model takes. */
function same(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
}

/** When the faults are over everything becomes definite, and what was told is told again. */
export async function finish(model: PaymentModel, real: Real): Promise<void> {
  for (let looks = 0; looks < 6; looks++) {
    real.world.clock.advance(30_000);
    const nowMs = real.nowMs();
    await real.sweep();
    model.sweep(nowMs, true);
    await compare(model, real);
  }
  same(model.isAtRest || model.stuck, true);
  for (const { ask, key, answer } of model.asked) {
    model.look(real.nowMs());
    expectAnswer(await real.ask(ask, key), answer, answer !== undefined);
  }
  await compare(model, real);
}
