/** Everything that can be said of a world once it has come to rest. */
import { isDeepStrictEqual } from 'node:util';
import type { Bank } from '../bank';
import type { Ground } from '../ground';
import type { Network } from '../network';
import type { Table } from '../table';
import { checkAnswers } from './answers';
import { checkBooks } from './books';
import { checkIdempotency } from './idempotency';
import { checkPayment } from './payments';
import { effectsOf, scopesOf } from './scopes';

export interface Remains {
  readonly network: Network;
  readonly table: Table;
  readonly banks: readonly Bank[];
}

export async function checkWorld(ground: Ground, { network, table, banks }: Remains): Promise<void> {
  const attempts = new Map(network.attempts.map((attempt) => [attempt.id, attempt]));
  const payments = table.payments();
  const versions = new Map(payments.map((each) => [each.facts.id, checkPayment(ground, each, attempts)]));
  for (const payment of payments) {
    const stored = await table.store.get(payment.facts.id);
    if (!isDeepStrictEqual(stored, payment)) ground.violate('I08', `${payment.facts.id} is not read as it was written`);
  }
  const effects = effectsOf(table);
  for (const requestId of effects.keys()) {
    if (!attempts.has(requestId)) ground.violate('I06', `${requestId} had an effect, and nobody sent it`);
  }
  checkIdempotency(ground, scopesOf(network.attempts, effects));
  checkAnswers(ground, network.attempts, table, versions);
  checkBooks(ground, banks, table, attempts);
}
