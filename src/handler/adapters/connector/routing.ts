/** Which bank takes a payment's first step: the first rule that matches names them, the preferred one first. */
import type { RouteRule } from '../../../connectors-document';
import { type Connector, type Connectors, DEFAULT_CONNECTOR } from '../../app/ports';

type Facts = Parameters<Connectors['routeFor']>[0];

/** One bank for everything. */
export function oneConnector(connector: Connector): Connectors {
  return routedConnectors(new Map([[DEFAULT_CONNECTOR, connector]]), [{ connectors: [DEFAULT_CONNECTOR] }]);
}

/** @param routes as they were checked: the last one matches every payment */
export function routedConnectors(connectors: ReadonlyMap<string, Connector>, routes: readonly RouteRule[]): Connectors {
  return {
    routeFor: (facts) => routes.find((rule) => matches(rule, facts))!.connectors,
    find: (name) => connectors.get(name),
  };
}

function matches({ schemes, currencies, minAmount, maxAmount }: RouteRule, { scheme, amount }: Facts): boolean {
  return (
    schemes?.includes(scheme) !== false &&
    currencies?.includes(amount.currency) !== false &&
    amount.value >= (minAmount ?? 0) &&
    amount.value <= (maxAmount ?? Number.POSITIVE_INFINITY)
  );
}
