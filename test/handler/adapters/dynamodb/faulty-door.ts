/** A door in front of a stand-in for DynamoDB, at which the network and AWS do what they do on a bad day. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of one call. */
export type Fault =
  | 'none'
  /** It is done, and nobody hears of it. */
  | 'answer lost'
  /** Nothing is done. */
  | 'throttled'
  | 'conflict with another Region'
  /** Of a batch only the first half is done. */
  | 'half';

const REFUSALS: { readonly [fault in Fault]?: string } = {
  throttled: 'ProvisionedThroughputExceededException',
  'conflict with another Region': 'ReplicatedWriteConflictException',
};

export class FaultyDoor {
  /** What is called, in order. */
  readonly calls: string[] = [];
  private faults: Fault[] = [];
  private before: () => Promise<unknown> = async () => {};

  private constructor(
    private readonly behind: string,
    private readonly server: Server,
  ) {}

  static async before(endpoint: string): Promise<FaultyDoor> {
    const server = createServer();
    const door = new FaultyDoor(endpoint, server);
    server.on('request', (incoming, outgoing) => door.answer(incoming, outgoing));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return door;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** One fault a call, then none. @param before what happens elsewhere while the first call is on its way */
  script(faults: Fault[], before: () => Promise<unknown> = async () => {}): void {
    this.faults = faults;
    this.before = before;
    this.calls.length = 0;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const target = String(incoming.headers['x-amz-target']);
    this.calls.push(target.split('.')[1] ?? '');
    const fault = this.faults.shift() ?? 'none';
    const before = this.before;
    this.before = async () => {};
    await before();
    const refusal = REFUSALS[fault];
    if (refusal !== undefined) {
      outgoing
        .writeHead(400)
        .end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${refusal}`, message: 'no' }));
      return;
    }
    const body = Buffer.concat(chunks).toString();
    const [now, later] = fault === 'half' ? halves(body) : [body, undefined];
    const { status, text } = await this.forward(incoming, now);
    if (fault === 'answer lost') {
      outgoing.socket?.destroy();
      return;
    }
    outgoing
      .writeHead(status)
      .end(later === undefined ? text : JSON.stringify({ ...JSON.parse(text), UnprocessedKeys: later }));
  }

  private async forward({ headers }: IncomingMessage, body: string): Promise<{ status: number; text: string }> {
    const { 'content-length': _, connection: __, host: ___, ...kept } = headers;
    const response = await fetch(this.behind, { method: 'POST', headers: kept as Record<string, string>, body });
    return { status: response.status, text: await response.text() };
  }
}

function halves(body: string): [now: string, later: object] {
  const { RequestItems } = JSON.parse(body);
  const [table = ''] = Object.keys(RequestItems);
  const { Keys: keys, ...how } = RequestItems[table];
  const middle = keys.length >> 1;
  const some = (part: unknown) => ({ [table]: { ...how, Keys: part } });
  return [JSON.stringify({ RequestItems: some(keys.slice(0, middle)) }), some(keys.slice(middle))];
}
