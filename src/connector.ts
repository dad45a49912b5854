/** How payments reach the bank or processor: a choice without a default, for one of them moves no money. */
import type { ConnectorRoute, HttpConnectorProps, RoutedConnectorProps } from './connector-props';
import { checkConnectors } from './private/connector-rules';
import { checkBaseUrl } from './private/validation';

/** Payments leave it out where there is only one. */
const DEFAULT = 'default';

/** The way to the bank or processor. */
export class Connector {
  /** Decides by the payer's token and moves no money. Whoever sends `tok_approve` is approved: for sandboxes only. */
  public static simulator(): Connector {
    return new Connector({}, []);
  }

  /** A service of the bank's that speaks the connector protocol. */
  public static http(props: HttpConnectorProps): Connector {
    checkBaseUrl('Connector.http', 'url', props.url);
    const connector = new Connector({ [DEFAULT]: props }, [{ connectors: [DEFAULT] }]);
    checkConnectors('Connector.http', connector, ['connectors', DEFAULT]);
    return connector;
  }

  /** Several banks: rules in order say who takes a payment, and who takes it when the preferred one cannot be reached. */
  public static routed(props: RoutedConnectorProps): Connector {
    for (const [name, { url }] of Object.entries(props.connectors)) {
      checkBaseUrl('Connector.routed', `connectors.${name}.url`, url);
    }
    const connector = new Connector(props.connectors, props.routes);
    checkConnectors('Connector.routed', connector);
    return connector;
  }

  private constructor(
    /**
     * Banks by their names; none for the simulator.
     * @internal
     */
    public readonly _banks: Readonly<Record<string, HttpConnectorProps>>,
    /**
     * Which of them takes a payment.
     * @internal
     */
    public readonly _routes: readonly ConnectorRoute[],
  ) {}
}
