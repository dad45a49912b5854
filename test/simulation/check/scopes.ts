/** The history sorted by idempotency key: what was sent with a key, what it led to in the store, and what was answered. */
import type { Payment } from '../../../src/handler/domain/payment';
import type { Attempt } from '../network';
import type { Table } from '../table';

/** What a request left in the store. */
export interface Effect {
  readonly payment: Payment;
  readonly requestId: string;
  readonly by: string;
  readonly type: 'created' | 'operation' | 'cancelled' | 'refusal';
  /** `<kind>.<n>` */
  readonly op?: string;
  /** Code of a refusal. */
  readonly code?: string;
  /** Of the payment before it. */
  readonly before: number;
  readonly writtenMs: number;
  /** When its answer was certain; `Infinity`: it never was. */
  readonly settledMs: number;
}

/** All that was sent with one key by one caller for one payment, or to create one. */
export interface Scope {
  readonly name: string;
  readonly attempts: Attempt[];
  readonly effects: Effect[];
}

/** Codes of refusals that are saved. */
const SAVED = new Set([
  'payment-declined',
  'payment-state',
  'qr-mismatch',
  'amount-mismatch',
  'amount-exceeded',
  'currency-mismatch',
]);

export function codeOf({ reply }: Attempt): string | undefined {
  return reply === undefined || reply.status < 400 ? undefined : JSON.parse(reply.body).code;
}

/** Whether the answer is one that must stay for ever. */
export function isSaved(attempt: Attempt): boolean {
  const { reply, request } = attempt;
  if (reply === undefined || request.headers?.['idempotency-key'] === undefined) return false;
  return reply.status === 200 || reply.status === 201 || SAVED.has(codeOf(attempt) ?? '');
}

/** By request; those that came without one are left out. */
export function effectsOf(table: Table): Map<string, Effect[]> {
  const effects = new Map<string, Effect[]>();
  for (const payment of table.payments()) {
    for (const effect of [...fromEvents(payment, table), ...fromRefusals(payment, table)]) {
      effects.set(effect.requestId, [...(effects.get(effect.requestId) ?? []), effect]);
    }
  }
  return effects;
}

function* fromEvents(payment: Payment, table: Table): Generator<Effect> {
  const writes = table.writesOf(payment.facts.id);
  for (const [index, event] of payment.events.entries()) {
    const { requestId = '', by } = event;
    const writtenAt = (version: number) => writes.find((write) => write.payment.events.length >= version)!.atMs;
    const writtenMs = writtenAt(index + 1);
    const common = { payment, requestId, by, before: index, writtenMs, settledMs: writtenMs };
    if (event.type === 'operation_pending' && event.undoes === undefined) {
      const version = payment.state.operations.find(({ op }) => op === event.op)?.settledVersion;
      const settledMs = version === undefined ? Number.POSITIVE_INFINITY : writtenAt(version);
      yield { ...common, type: 'operation', op: event.op, settledMs };
    }
    if (event.type === 'created' || event.type === 'cancelled') yield { ...common, type: event.type };
  }
}

function* fromRefusals(payment: Payment, table: Table): Generator<Effect> {
  const writes = table.writesOf(payment.facts.id);
  for (const [index, { requestId, code, version }] of payment.refusals.entries()) {
    const { atMs: writtenMs, payment: written } = writes.find((write) => write.payment.refusals.length > index)!;
    const by = written.state.version === version ? '' : 'another version';
    yield { payment, requestId, by, type: 'refusal', code, before: version, writtenMs, settledMs: writtenMs };
  }
}

export function scopesOf(attempts: readonly Attempt[], effects: ReadonlyMap<string, readonly Effect[]>): Scope[] {
  const scopes = new Map<string, Scope>();
  for (const attempt of attempts) {
    const { operationId, caller, id, headers } = attempt.request;
    const key = headers?.['idempotency-key'];
    if (typeof key !== 'string') continue;
    const name = `${caller.id} ${operationId === 'createPayment' ? 'create' : id} ${key}`;
    const scope = scopes.get(name) ?? { name, attempts: [], effects: [] };
    scopes.set(name, scope);
    scope.attempts.push(attempt);
    scope.effects.push(...(effects.get(attempt.id) ?? []));
  }
  return [...scopes.values()];
}

/** Equal for requests that are the same but for the order of members. */
export function fingerprint({ request }: Attempt): string {
  return `${request.operationId} ${canonical(request.body ?? {})}`;
}

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${name}:${canonical(member)}`).join()}}`;
}
