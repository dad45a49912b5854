/** The banks of this process, as they are configured, each behind its own bound and its own circuit breaker. */
import { type Clock, type Connector, type Connectors, DEFAULT_CONNECTOR } from '../../app/ports';
import type { ConnectorsConfig } from '../../connectors-from-environment';
import { LIMITS } from '../../domain/limits';
import { type Answer, type Method, withAround } from './around';
import { withBulkhead } from './bulkhead';
import { withCircuitBreaker } from './circuit-breaker';
import { type ConnectorKeys, createHttpConnector } from './http';
import { oneConnector, routedConnectors } from './routing';
import { createSimulator } from './simulator';

/** Is told of every call, one that was not made too; never throws. */
export type OnCall = (connector: string, method: Method, result: Answer['result'], durationMs: number) => void;

export interface ConnectorsOptions {
  /** Read anew for each request, for they rotate while the process runs. */
  readonly keys: (connector: string) => ConnectorKeys;
  readonly clock: Clock;
  readonly onCall?: OnCall;
}

export function createConnectors(
  config: ConnectorsConfig,
  { keys, clock, onCall }: ConnectorsOptions,
): Connectors & { close(): Promise<void> } {
  const observed = (name: string, connector: Connector) =>
    onCall === undefined ? connector : withOnCall(connector, clock, (...call) => onCall(name, ...call));
  // Its tokens say how it fails, each for its own payment: nothing is to be spared there.
  if (config.kind === 'simulator')
    return { ...oneConnector(observed(DEFAULT_CONNECTOR, createSimulator(clock))), close: async () => undefined };

  const banks = [...config.banks].map(([name, bank]) => {
    const http = createHttpConnector({ ...bank, keys: () => keys(name), clock });
    const guarded = withBulkhead(withCircuitBreaker(http, clock), LIMITS.connectorCalls);
    return { name, connector: observed(name, guarded), close: http.close };
  });
  return {
    ...routedConnectors(new Map(banks.map(({ name, connector }) => [name, connector])), config.routes),
    close: async () => {
      await Promise.all(banks.map(({ close }) => close()));
    },
  };
}

function withOnCall(
  connector: Connector,
  clock: Clock,
  onCall: (method: Method, result: Answer['result'], durationMs: number) => void,
): Connector {
  return withAround(connector, async (method, _, ask) => {
    const begunMs = clock.elapsedMs();
    const answer = await ask();
    onCall(method, answer.result, clock.elapsedMs() - begunMs);
    return answer;
  });
}
