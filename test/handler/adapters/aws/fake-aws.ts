/** A server in AWS's place that does as it is told, one step a request, and the last step again for ever after. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly at: number;
}
export type Step = (response: ServerResponse, received: Received) => void;

export const reply =
  (value: unknown, status = 200): Step =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(value));

export const refusal = (code: string, status = 400, more: object = {}): Step =>
  reply({ __type: `com.amazonaws.dynamodb.v20120810#${code}`, message: 'told by the fake', ...more }, status);

/** After the request has been read as a whole. */
export const reset: Step = (response) => response.socket?.destroy();

export const silence: Step = () => undefined;

export const half: Step = (response) => {
  response.writeHead(200, { 'content-length': 100 }).write('{"Item":');
};

export const after =
  (ms: number, step: Step): Step =>
  (response, received) =>
    setTimeout(() => step(response, received), ms);

export class FakeAws {
  readonly received: Received[] = [];
  private steps: Step[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeAws> {
    const server = createServer();
    const fake = new FakeAws(server);
    server.on('connection', () => fake.connections++);
    server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { method, url, headers } = request;
      const received = { method, url, headers, body: Buffer.concat(chunks).toString(), at: performance.now() };
      fake.received.push(received);
      const step = fake.steps.length > 1 ? fake.steps.shift() : fake.steps[0];
      step?.(response, received);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return fake;
  }

  script(...steps: Step[]): void {
    this.steps = steps;
    this.received.length = 0;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Connections that were ever made. */
  connections = 0;

  /** What it is asked to do, in order. */
  get operations(): string[] {
    return this.received.map(({ headers }) => String(headers['x-amz-target']).split('.')[1] ?? '');
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
