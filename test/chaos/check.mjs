// The verdict on a run: history, dump of the store and the bank's book against each other. Every violation names its invariant.
import { checkBank } from './check-bank.mjs';
import { checkClients } from './check-clients.mjs';
import { checkPayment } from './check-payments.mjs';

/**
 * @param {{attempts: object[], payments: object[], book: object[], texts?: string[], canary?: string}} run
 *   attempts as in `history.mjs`, payments as stored, the bank's book; texts in which the canary must not stand
 * @returns {{invariant: string, subject: string, what: string}[]}
 */
export function check({ attempts, payments, book, texts = [], canary }) {
  const violations = [];
  const report = (invariant, subject, what) => violations.push({ invariant, subject, what });
  for (const item of payments) checkPayment(item, (invariant, what) => report(invariant, item.pk, what));
  checkBank(payments, book, report);
  checkClients(payments, attempts, report);
  for (const text of texts) {
    const at = canary === undefined ? -1 : text.indexOf(canary);
    if (at >= 0) report('I39', 'output', `a key or token: ${text.slice(Math.max(0, at - 60), at + 40)}`);
  }
  return violations;
}
