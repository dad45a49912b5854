/** A bank on this machine that keeps books as the connector protocol has it: the same step again is the same step. */
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface BookEntry {
  readonly body: {
    readonly kind: string;
    readonly paymentId: string;
    readonly amount: { currency: string; value: number };
  };
  readonly answer: object;
}

export class BankWithBooks {
  readonly books = new Map<string, BookEntry>();
  /** `PUT <opKey>` and `GET <opKey>`, in order. */
  readonly calls: string[] = [];
  down = false;

  private constructor(private readonly server: Server) {
    server.on('request', async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const opKey = request.url?.split('/').at(-1) ?? '';
      this.calls.push(`${request.method} ${opKey}`);
      const { status, answer } = this.down
        ? { status: 503, answer: {} }
        : this.answer(String(request.method), opKey, body);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  }

  static async start(): Promise<BankWithBooks> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new BankWithBooks(server);
  }

  /** For the handler. */
  get environment(): { readonly CONNECTOR_URL: string; readonly CONNECTOR_SECRET: string } {
    const { port } = this.server.address() as AddressInfo;
    return {
      CONNECTOR_URL: `http://127.0.0.1:${port}`,
      CONNECTOR_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
    };
  }

  /** Money taken, less money given back, of a payment. */
  balanceOf(paymentId: string): number {
    const signs: Record<string, number> = { sale: 1, capture: 1, refund: -1 };
    const entries = [...this.books.values()].filter(({ body }) => body.paymentId === paymentId);
    return entries.reduce((sum, { body }) => sum + (signs[body.kind] ?? 0) * body.amount.value, 0);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(method: string, opKey: string, text: string): { status: number; answer: object } {
    const known = this.books.get(opKey);
    if (method === 'GET')
      return known === undefined ? { status: 404, answer: {} } : { status: 200, answer: known.answer };
    const body = JSON.parse(text);
    if (known !== undefined && known.body.amount.value !== body.amount.value) return { status: 409, answer: {} };
    if (known !== undefined) return { status: 200, answer: known.answer };
    const answer = { opKey, result: 'approved', code: '00', connectorReference: randomUUID(), amount: body.amount };
    this.books.set(opKey, { body, answer });
    return { status: 200, answer };
  }
}
