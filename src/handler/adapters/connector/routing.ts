/** Which bank takes a payment's first step. */
import { type Connector, type Connectors, DEFAULT_CONNECTOR } from '../../app/ports';

/** The short form: one bank for everything. */
export function oneConnector(connector: Connector): Connectors {
  return {
    routeFor: () => [DEFAULT_CONNECTOR],
    find: (name) => (name === DEFAULT_CONNECTOR ? connector : undefined),
  };
}
