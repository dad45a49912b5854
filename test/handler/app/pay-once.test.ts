/** One code, one payment: whoever scans it, however often, and whatever they say it costs. */
import { authorizePayment } from '../../../src/handler/app/authorize';
import { refundPayment } from '../../../src/handler/app/refund';
import type { AuthorizeRequest } from '../../../src/handler/domain/decide';
import type { Payment } from '../../../src/handler/domain/payment';
import { command, DECLINED, PAY, World } from './world';

let world: World;
let payment: Payment;

beforeEach(async () => {
  world = new World();
  payment = await world.payment();
});

const pay = (wallet: string, more: Partial<AuthorizeRequest> = {}) =>
  authorizePayment(
    world.deps,
    world.caller(wallet, ['payments:authorize']),
    command(payment.facts.id, 'authorize', { ...PAY, ...more }),
  );

test('of fifty wallets that scan one code at once one pays, and no other after it (I29)', async () => {
  const qrPayload = payment.facts.qrPayload;
  const replies = await Promise.allSettled(Array.from({ length: 50 }, (_, n) => pay(`w_${n}`, { qrPayload })));
  expect(replies.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(world.bank.calls).toEqual(['PUT sale.1']);
  await expect(pay('w_late', { qrPayload })).rejects.toMatchObject({ code: 'payment-state' });
});

test.each<[string, Partial<AuthorizeRequest>]>([
  ['less', { amount: { currency: 'SGD', value: 1 } }],
  ['more', { amount: { currency: 'SGD', value: 1001 } }],
  ['another currency', { amount: { currency: 'USD', value: 1000 } }],
  ['a code that says so', { qrPayload: '00020101021126' }],
])('a wallet cannot make it cost %s (I30)', async (_, more) => {
  await expect(pay('w_1', more)).rejects.toMatchObject({ code: expect.stringMatching(/mismatch$/) });
  expect(world.bank.calls).toEqual([]);
  await pay('w_1');
  expect(world.bank.operations).toMatchObject([{ amount: payment.facts.amount }]);
});

test('every step says who asked for it, when, in which request, and what came of it (I40)', async () => {
  const begun = world.clock.now().toISOString();
  world.bank.script = [DECLINED];
  const failed = command(payment.facts.id, 'authorize', PAY);
  const wallet = world.caller('w_1', ['payments:authorize']);
  await expect(authorizePayment(world.deps, wallet, failed)).rejects.toMatchObject({ code: 'payment-declined' });
  world.bank.script = [{ result: 'approved', code: 'ok', reference: 'r' }];
  await pay('w_2');
  const shop = world.caller();
  const { state, events } = (
    await refundPayment(world.deps, shop, command(payment.facts.id, 'refunds', { reason: 'cold coffee' }))
  ).payment;

  const at = (op: string) => events.filter((event) => 'op' in event && event.op === op);
  expect(at('sale.1')).toMatchObject([
    { type: 'operation_pending', by: 'w_1', requestId: wallet.requestId, at: begun, amount: 1000 },
    { type: 'operation_declined', by: 'w_1', code: 'do_not_honor', bankReference: 'ref-2' },
  ]);
  expect(at('refund.1')).toMatchObject([
    { type: 'operation_pending', by: 'm_1', requestId: shop.requestId, reason: 'cold coffee' },
    { type: 'operation_succeeded', by: 'm_1', code: 'ok' },
  ]);
  expect(events.filter(({ type }) => type === 'operation_pending')).toHaveLength(state.operations.length);
});
