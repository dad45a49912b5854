/** Ends a payment before capture; what was authorized is voided at the bank. */
import { decideCancel } from '../domain/decide';
import type { Caller, Deps } from './context';
import { type OperationCommand, type OperationReply, operate } from './operate';

export function cancelPayment(deps: Deps, caller: Caller, command: OperationCommand): Promise<OperationReply> {
  return operate(deps, caller, command, { openTo: 'merchant', wayOut: true, decide: decideCancel });
}
