/** Takes what was authorized, or a part of it; the rest is released. */
import { type CaptureRequest, decideCapture } from '../domain/decide';
import type { Caller, Deps } from './context';
import { type OperationCommand, type OperationReply, operate } from './operate';

export function capturePayment(
  deps: Deps,
  caller: Caller,
  command: OperationCommand & { body: CaptureRequest },
): Promise<OperationReply> {
  return operate(deps, caller, command, {
    openTo: 'merchant',
    wayOut: false,
    decide: (payment) => decideCapture(payment, command.body),
  });
}
