/** What must have happened in a run, for it to say anything. */
import { FAULTS } from './faults';

const STATUSES = [200, 201, 202, 304, 400, 402, 403, 404, 409, 410, 412, 422, 500, 503];
/** Of the catalogue, what a payment's own calls can meet behind the gateway's and the server's checks. */
const CODES = [
  'invalid-request',
  'idempotency-key-missing',
  'idempotency-key-invalid',
  'card-data-refused',
  'payment-declined',
  'insufficient-scope',
  'payment-not-found',
  'merchant-not-configured',
  'operation-in-progress',
  'idempotency-in-progress',
  'operation-limit',
  'needs-reconciliation',
  'payment-state',
  'payment-not-payable',
  'version-mismatch',
  'idempotency-mismatch',
  'qr-mismatch',
  'amount-mismatch',
  'amount-exceeded',
  'currency-mismatch',
  'internal',
  'store-unavailable',
];
const EVENTS = [
  'created',
  'operation_pending',
  'operation_unknown',
  'operation_succeeded',
  'operation_declined',
  'operation_late',
  'cancelled',
  'expired',
];
const ENDS = ['created', 'authorized', 'captured', 'partially_refunded', 'refunded', 'cancelled', 'expired'];
const ANSWERS = ['approved', 'declined', 'mismatch', 'unknown', 'not-sent', 'conflict', 'absent'];

const EXPECTED = [
  ...FAULTS.map((fault) => `fault ${fault}`),
  ...STATUSES.map((status) => `status ${status}`),
  ...CODES.map((code) => `code ${code}`),
  ...EVENTS.map((type) => `event ${type}`),
  ...ENDS.map((status) => `payment ${status}`),
  ...ANSWERS.map((result) => `bank ${result}`),
  'replayed',
  'write refused',
  'late success',
  'late success undone',
  'adopted from the bank',
  'left to people',
  'fell over to the next bank',
];
/** What never happens where nothing goes wrong. */
const TROUBLE = ['status 202', 'status 500', 'status 503', 'event operation_unknown', 'event operation_late'];

export function missing(counts: ReadonlyMap<string, number>): string[] {
  return EXPECTED.filter((what) => !counts.has(what));
}

export function trouble(counts: ReadonlyMap<string, number>): string[] {
  return TROUBLE.filter((what) => counts.has(what));
}
