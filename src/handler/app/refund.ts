/** Gives back what was captured, or a part of it. */
import { decideRefund, type RefundRequest } from '../domain/decide';
import type { Caller, Deps } from './context';
import { type OperationCommand, type OperationReply, operate } from './operate';

export function refundPayment(
  deps: Deps,
  caller: Caller,
  command: OperationCommand & { body: RefundRequest },
): Promise<OperationReply> {
  return operate(deps, caller, command, {
    openTo: 'merchant',
    wayOut: true,
    decide: (payment) => decideRefund(payment, command.body),
  });
}
