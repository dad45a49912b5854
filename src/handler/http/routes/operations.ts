/** `/v1/payments/{id}/…`: what moves money. */
import { authorizePayment } from '../../app/authorize';
import { cancelPayment } from '../../app/cancel';
import { capturePayment } from '../../app/capture';
import type { Caller, Deps } from '../../app/context';
import type { OperationCommand, OperationReply } from '../../app/operate';
import { refundPayment } from '../../app/refund';
import { checkIdempotencyKey } from '../../domain/idempotency';
import { expectedVersion, versionTag } from '../conditional';
import { presentPayment } from '../present';
import { idempotencyKeyOf, type Route, type Routes } from '../route';
import { viewOf } from './payments';

// biome-ignore lint/suspicious/noExplicitAny: the body has been checked against this operation's own schema in the document
type UseCase = (deps: Deps, caller: Caller, command: OperationCommand & { body: any }) => Promise<OperationReply>;

/** @param status of success; while the bank has not said, it is 202 and nothing is saved */
function operation(useCase: UseCase, status: 200 | 201): Route {
  return async (request, context) => {
    const { caller, params, headers, route, body = {} } = request;
    const { payment, version, definite, replayed } = await useCase(context.deps, caller, {
      paymentId: params.id,
      idempotencyKey: checkIdempotencyKey(idempotencyKeyOf(headers)),
      route,
      body,
      expectedVersion: expectedVersion(headers['if-match']),
    });
    return {
      status: definite ? status : 202,
      headers: {
        etag: versionTag(version),
        ...(replayed && { 'idempotent-replayed': 'true' }),
        ...(!definite && { 'retry-after': '1' }),
      },
      body: presentPayment(payment, viewOf(request, context), version),
    };
  };
}

export const operationRoutes: Routes = {
  authorizePayment: operation(authorizePayment, 200),
  capturePayment: operation(capturePayment, 200),
  cancelPayment: operation(cancelPayment, 200),
  refundPayment: operation(refundPayment, 201),
};
