/**
 * Connections to one bank: kept alive, bounded, through its proxy where it has one, and proving who we are where it asks. A client
 * certificate rotates: new connections use the new one, and the old ones are closed when they are idle.
 */
import { createSecureContext } from 'node:tls';
import { buildConnector, type Dispatcher, Pool } from 'undici';
import { LIMITS } from '../../domain/limits';
import { throughProxy } from './proxy';

export interface ConnectionsOptions {
  readonly origin: string;
  /** PEM; without one, whom Node trusts. */
  readonly certificateAuthority?: string;
  readonly proxyUrl?: string;
}

export class Connections {
  private certificate: string | undefined;
  private pool: Pool;

  constructor(private readonly options: ConnectionsOptions) {
    this.pool = openPool(options, undefined);
  }

  /** @param certificate PEM of certificate and key, as it is now */
  dispatcher(certificate: string | undefined): Dispatcher {
    if (certificate !== this.certificate) {
      // Waits for what is in flight; a connection that fails meanwhile has told its own request.
      this.pool.close().catch(() => undefined);
      this.certificate = certificate;
      this.pool = openPool(this.options, certificate);
    }
    return this.pool;
  }

  close(): Promise<void> {
    return this.pool.destroy();
  }
}

function openPool({ origin, certificateAuthority, proxyUrl }: ConnectionsOptions, certificate?: string): Pool {
  const secureContext = createSecureContext({ ca: certificateAuthority, cert: certificate, key: certificate });
  const connect = buildConnector({ secureContext, rejectUnauthorized: true, timeout: LIMITS.connectorConnectMs });
  return new Pool(origin, {
    connections: LIMITS.connectorCalls,
    connect: proxyUrl === undefined ? connect : throughProxy(new URL(proxyUrl), connect),
    // The caller's signal is the deadline; these are there for a caller that has none.
    headersTimeout: LIMITS.connectorAttemptMs,
    bodyTimeout: LIMITS.connectorAttemptMs,
    maxResponseSize: LIMITS.bodyBytes,
  });
}
