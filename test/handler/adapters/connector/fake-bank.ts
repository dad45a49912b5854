/** A bank on this machine that writes down what it is asked and says what a test wants, over HTTP or over TLS. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ConnectorKeys, HttpConnectorOptions } from '../../../../src/handler/adapters/connector/http';
import { createHttpConnector } from '../../../../src/handler/adapters/connector/http';
import { signingKey } from '../../../../src/handler/adapters/connector/standard-webhooks';
import { systemClock } from '../../../../src/handler/adapters/system-clock';
import type { BankOperation } from '../../../../src/handler/app/ports';

export interface Seen {
  readonly method?: string;
  readonly url?: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Common name of the client's certificate. */
  readonly client?: string;
}

type Say = (response: ServerResponse, seen: Seen) => void;

export class FakeBank {
  readonly seen: Seen[] = [];
  answer: Say = says(200, ANSWER);
  /** Ever, and now. */
  connections = 0;
  open = 0;

  private constructor(
    private readonly server: Server & { closeAllConnections(): void },
    private readonly protocol: 'http' | 'https',
  ) {
    server.on('connection', (socket) => {
      this.connections++;
      this.open++;
      socket.once('close', () => this.open--);
    });
    server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const { method, url, headers } = request;
      const seen = { method, url, headers, body, client: clientOf(request) };
      this.seen.push(seen);
      this.answer(response, seen);
    });
  }

  /** @param tls for a bank that speaks HTTPS */
  static async start(tls?: ServerOptions): Promise<FakeBank> {
    const server = tls === undefined ? createServer() : createSecureServer(tls);
    await listen(server);
    return new FakeBank(server, tls === undefined ? 'http' : 'https');
  }

  get port(): number {
    return portOf(this.server);
  }

  get url(): string {
    return `${this.protocol}://127.0.0.1:${this.port}/qr`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function clientOf({ socket }: IncomingMessage): string | undefined {
  const certificate = (socket as TLSSocket).getPeerCertificate?.();
  return [certificate?.subject?.CN].flat()[0];
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

export async function listen(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

export const OPERATION: BankOperation = {
  opKey: 'pay_aaaaaaaaaaaaaaaaaaaaaaaaaalocal.sale.1',
  kind: 'sale',
  paymentId: 'pay_aaaaaaaaaaaaaaaaaaaaaaaaaalocal',
  merchantId: 'm_1',
  amount: { currency: 'SGD', value: 1250 },
  payerToken: 'tok_1',
};
export const ANSWER = {
  opKey: OPERATION.opKey,
  result: 'approved',
  code: '00',
  connectorReference: 'ref-1',
  amount: OPERATION.amount,
};
export const APPROVED = { result: 'approved', code: '00', reference: 'ref-1' };

export const says =
  (status: number, body: unknown) =>
  (response: ServerResponse): void => {
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
  };

/** To whatever it is asked. */
export const approves: Say = (response, { url, body }) => {
  const opKey = url!.slice(url!.lastIndexOf('/') + 1);
  says(200, { ...ANSWER, opKey, amount: JSON.parse(body).amount })(response);
};

export const SECRET = Buffer.from('a secret of thirty-two bytes, ok').toString('base64');
export const KEYS: ConnectorKeys = { signing: signingKey(SECRET) };

type HttpConnector = ReturnType<typeof createHttpConnector>;
const opened: HttpConnector[] = [];

/** Closed by `closeConnectors`. */
export function connectorTo(url: string, options: Partial<HttpConnectorOptions> = {}): HttpConnector {
  const connector = createHttpConnector({ url, keys: () => KEYS, clock: systemClock, ...options });
  opened.push(connector);
  return connector;
}

export async function closeConnectors(): Promise<void> {
  await Promise.all(opened.splice(0).map((connector) => connector.close()));
}

/** An attempt, with as much time as an attempt has unless told. */
export const put = (connector: HttpConnector, timeoutMs = 5_000) =>
  connector.put(OPERATION, AbortSignal.timeout(timeoutMs));
export const get = (connector: HttpConnector, timeoutMs = 5_000) =>
  connector.get(OPERATION, AbortSignal.timeout(timeoutMs));
