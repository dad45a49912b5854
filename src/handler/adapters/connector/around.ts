/** Something around every call to a bank: a bound, a circuit, a measurement. */
import type { BankAnswer, BankOperation, Connector } from '../../app/ports';

export type Method = 'PUT' | 'GET';
export type Answer = Awaited<ReturnType<Connector['get']>>;

/** May ask, once, and answers; or says that it did not ask. */
export type Around = <A extends Answer>(
  method: Method,
  operation: BankOperation,
  ask: () => Promise<A>,
) => Promise<A | BankAnswer>;

export function withAround(connector: Connector, around: Around): Connector {
  return {
    put: (operation, signal) => around('PUT', operation, () => connector.put(operation, signal)),
    get: (operation, signal) => around('GET', operation, () => connector.get(operation, signal)),
  };
}

/** What a call that was not made comes to: a PUT has certainly had no effect, and of an earlier one nothing is known. */
export const NOT_ASKED: Readonly<Record<Method, BankAnswer>> = {
  PUT: { result: 'not-sent' },
  GET: { result: 'unknown' },
};
