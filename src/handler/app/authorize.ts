/** A wallet pays: authorizes, and captures in the same step where the payment captures automatically. */
import { type AuthorizeRequest, decideAuthorize } from '../domain/decide';
import type { Caller, Deps } from './context';
import { type OperationCommand, type OperationReply, operate } from './operate';

export function authorizePayment(
  deps: Deps,
  caller: Caller,
  command: OperationCommand & { body: AuthorizeRequest },
): Promise<OperationReply> {
  return operate(deps, caller, command, {
    openTo: 'payer',
    wayOut: false,
    decide: (payment) => decideAuthorize(payment, command.body),
  });
}
