/** Our books against the banks' (I04, I05, I07, I28, I30), when everything has come to rest. */
import type { Payment } from '../../../src/handler/domain/payment';
import { type Bank, type Entry, isUnanswerable } from '../bank';
import type { Ground } from '../ground';
import type { Attempt } from '../network';
import type { Table } from '../table';

type Operation = Payment['state']['operations'][number];

export function checkBooks(
  ground: Ground,
  banks: readonly Bank[],
  table: Table,
  attempts: ReadonlyMap<string, Attempt>,
): void {
  for (const payment of table.payments()) {
    for (const operation of payment.state.operations) checkOurs(ground, banks, payment, operation);
  }
  for (const bank of banks) {
    for (const [opKey, entry] of bank.entries) checkTheirs(ground, opKey, entry, table);
    for (const { method, operation } of bank.calls) checkCall(ground, method, operation, table, attempts);
  }
}

/** What we say that was done was done, by one bank, and in that amount. */
function checkOurs({ violate, count }: Ground, banks: readonly Bank[], payment: Payment, operation: Operation): void {
  const { facts } = payment;
  const opKey = `${facts.id}.${operation.op}`;
  const entries = banks.flatMap((bank) => bank.entries.get(opKey) ?? []);
  const done = entries.filter(({ record }) => record.result === 'approved');
  // What only a process knows that has crashed since, nobody knows.
  const told = banks.some((bank) => bank.toldApproved.get(opKey)?.some(({ alive }) => alive));
  if (done.length > 1) violate('I07', `${opKey} was done by ${done.length} banks`);
  const isLate = operation.lateAt !== undefined;
  switch (operation.status) {
    case 'succeeded':
      if (operation.undoes !== undefined) count('late success undone');
      if (entries.some(({ foreign }) => foreign)) count('adopted from the bank');
      if (done[0]?.record.amount.value !== operation.amount) {
        violate(
          'I07',
          `${opKey} of ${operation.amount} is in our books; the bank has ${JSON.stringify(done[0]?.record)}`,
        );
      }
      return;
    case 'declined':
      if (isLate) count('late success');
      if (isLate && isLeft(payment, operation)) violate('I28', `${opKey} was done late and is not undone`);
      if (isLate && done.length === 0) violate('I28', `${opKey} is said to be late, and the bank has not done it`);
      if (done.length > 0 && told && !isLate)
        violate('I28', `the bank has said that it did ${opKey}, and we do not know it`);
      if (done.length > 0 && !done[0].changedItsMind) violate('I07', `${opKey} is declined in our books alone`);
      if (entries.length === 0) violate('I07', `${opKey} is declined in our books, and no bank was asked`);
      return;
    default:
      count('left to people');
      if (operation.code !== 'needs-reconciliation' && !isUnanswerable(banks, opKey)) {
        violate('I37', `${opKey} is ${operation.status} at the end`);
      }
      if (!entries.some(({ foreign }) => foreign)) violate('I37', `${opKey} is left to people without need`);
  }
}

/** Whether nobody has begun to undo it, and nothing is left to people that would explain it. */
function isLeft({ state }: Payment, { op, kind }: Operation): boolean {
  const canBeUndone = kind === 'authorize' || kind === 'sale' || kind === 'capture';
  const isHeldUp = state.operations.some(
    ({ undoes, status }) =>
      status === 'pending' || status === 'unknown' || (undoes !== undefined && status === 'declined'),
  );
  return canBeUndone && !isHeldUp && !state.operations.some(({ undoes }) => undoes === op);
}

/** What a bank did is in our books. */
function checkTheirs({ violate }: Ground, opKey: string, { operation }: Entry, table: Table): void {
  const payment = table.current(operation.paymentId);
  const known = payment?.state.operations.some(({ op }) => `${operation.paymentId}.${op}` === opKey);
  if (known !== true) violate('I07', `the bank has ${opKey}, and we do not`);
}

/** The bank was asked for what the payment says, and the client; never for what a code or a wallet claims. */
function checkCall(
  { violate }: Ground,
  method: string,
  { opKey, kind, paymentId, merchantId, amount, payerToken }: Entry['operation'],
  table: Table,
  attempts: ReadonlyMap<string, Attempt>,
): void {
  const payment = table.current(paymentId);
  const intent = payment?.events.find(
    (event) => event.type === 'operation_pending' && `${paymentId}.${event.op}` === opKey,
  );
  if (payment === undefined || intent?.type !== 'operation_pending') {
    violate('I06', `the bank was asked for ${opKey}, which was never begun`);
    return;
  }
  const { facts } = payment;
  if (merchantId !== facts.merchantId) violate('I30', `${opKey} was sent for ${merchantId}`);
  if (amount.currency !== facts.amount.currency) violate('I30', `${opKey} was sent in ${amount.currency}`);
  if (intent.amount !== amount.value) violate('I30', `${opKey} of ${intent.amount} was sent as ${amount.value}`);
  if (method === 'GET' || (kind !== 'authorize' && kind !== 'sale')) return;
  const body: { payer?: { token: string } } = { ...attempts.get(intent.requestId ?? '')?.request.body };
  if (body.payer?.token !== payerToken) violate('I30', `${opKey} was sent with another payer's token`);
}
