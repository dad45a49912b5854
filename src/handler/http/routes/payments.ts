/** `/v1/payments`: create, read, list, events. */

import { isWallet } from '../../app/context';
import { type CreatePaymentRequest, createPayment } from '../../app/create-payment';
import { type ListRequest, listPayments } from '../../app/list-payments';
import { awaitChange, readPayment } from '../../app/read-payment';
import { Problem } from '../../domain/errors';
import { checkIdempotencyKey } from '../../domain/idempotency';
import type { PaymentStatus } from '../../domain/payment';
import { knownVersion, matchesNone, versionTag } from '../conditional';
import { paymentPath, presentEvents, presentPayment, type View } from '../present';
import { idempotencyKeyOf, type Route, type RouteContext, type RouteRequest, type Routes } from '../route';

const create: Route = async ({ caller, route, body, headers }, { deps, publicUrl }) => {
  const idempotencyKey = checkIdempotencyKey(idempotencyKeyOf(headers));
  const { payment, replayed } = await createPayment(deps, caller, body as CreatePaymentRequest, idempotencyKey, route);
  return {
    status: 201,
    headers: {
      location: paymentPath(payment.facts.id),
      etag: versionTag(1),
      ...(replayed && { 'idempotent-replayed': 'true' }),
    },
    body: presentPayment(payment, { publicUrl, forWallet: false }, 1),
  };
};

const read: Route = async (request, context) => {
  const { caller, params, query, headers } = request;
  const known = knownVersion(headers['if-none-match']);
  const waitMs = Number(query.wait ?? 0) * 1000;
  const payment =
    waitMs > 0 && known !== undefined
      ? await awaitChange(context.deps, caller, params.id, known, waitMs, request.untilGone())
      : await readPayment(context.deps, caller, params.id);
  const etag = versionTag(payment.state.version);
  const cache = { etag, 'cache-control': 'private, no-cache' };
  if (matchesNone(headers['if-none-match'], etag)) return { status: 304, headers: cache };
  return { status: 200, headers: cache, body: presentPayment(payment, viewOf(request, context)) };
};

const list: Route = async ({ caller, query }, { deps, publicUrl }) => {
  const { status, limit, cursor } = query as { status?: PaymentStatus; limit: number; cursor?: string };
  const request: ListRequest = { limit, status, after: cursor === undefined ? undefined : decodeCursor(cursor) };
  const { payments, next } = await listPayments(deps, caller, request);
  const data = payments.map((payment) => presentPayment(payment, { publicUrl, forWallet: false }));
  return { status: 200, body: { data, ...(next !== undefined && { cursor: encodeCursor(next) }) } };
};

const events: Route = async ({ caller, params }, { deps }) => {
  const payment = await readPayment(deps, caller, params.id);
  return { status: 200, headers: { etag: versionTag(payment.state.version) }, body: presentEvents(payment) };
};

export const paymentRoutes: Routes = {
  createPayment: create,
  getPayment: read,
  listPayments: list,
  listPaymentEvents: events,
};

export function viewOf({ caller }: RouteRequest, { publicUrl }: RouteContext): View {
  return { publicUrl, forWallet: isWallet(caller) };
}

const POSITION = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#pay_[a-z0-9]{1,60}$/;

function encodeCursor(position: string): string {
  return Buffer.from(position).toString('base64url');
}

function decodeCursor(cursor: string): string {
  const position = Buffer.from(cursor, 'base64url').toString();
  if (POSITION.test(position)) return position;
  throw new Problem('invalid-request', 'The cursor is not one that a listing gave.', {
    errors: [{ pointer: '?/cursor', message: 'must be the cursor of the page before' }],
  });
}
