/**
 * A door in front of dynalite that has every call's price told: asks for the capacity that it consumed, and works out by DynamoDB's
 * published rules what the stand-in does not tell, which is what the indexes take of a write.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Table } from '../../../../src/contract';
import { fromAttributes } from '../../../../src/handler/adapters/dynamodb/attributes';
import { itemSizeBytes } from '../item-size';

/** In DynamoDB's units: a kilobyte written, four kilobytes read. */
export interface Price {
  readonly calls: number;
  /** Of the table, as the server says. */
  readonly tableWrites: number;
  /** Of the table, by the rule. */
  readonly tableWritesByRule: number;
  readonly listIndexWrites: number;
  readonly pendingIndexWrites: number;
  /** Of the table, as the server says. */
  readonly reads: number;
  /** Of the largest item written. */
  readonly itemBytes: number;
}

type Item = Record<string, unknown>;
const NOTHING: Price = {
  ...{ calls: 0, tableWrites: 0, tableWritesByRule: 0, listIndexWrites: 0, pendingIndexWrites: 0, reads: 0 },
  itemBytes: 0,
};

export class CountingDoor {
  private price: Price = NOTHING;
  private readonly items = new Map<unknown, Item>();

  private constructor(
    private readonly behind: string,
    private readonly server: Server,
  ) {}

  static async before(endpoint: string): Promise<CountingDoor> {
    const server = createServer();
    const door = new CountingDoor(endpoint, server);
    server.on('request', (incoming, outgoing) => door.answer(incoming, outgoing));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return door;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What `work` costs. */
  async priceOf(work: () => Promise<unknown>): Promise<Price> {
    this.price = NOTHING;
    await work();
    return this.price;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const input = { ...JSON.parse(Buffer.concat(chunks).toString()), ReturnConsumedCapacity: 'INDEXES' };
    const { 'content-length': _, connection: __, host: ___, ...headers } = incoming.headers;
    const response = await fetch(this.behind, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: JSON.stringify(input),
    });
    const text = await response.text();
    if (input.IndexName === undefined) this.count(input, JSON.parse(text), response.ok);
    outgoing.writeHead(response.status).end(text);
  }

  /** Looks into the indexes are the sweep's: `IndexName` tells them, and they are not of a payment's life. */
  private count(input: { Item?: never }, output: { ConsumedCapacity?: unknown }, isDone: boolean): void {
    const units = [output.ConsumedCapacity ?? []]
      .flat()
      .reduce((sum: number, each) => sum + Number(Reflect.get(Object(each), 'CapacityUnits')), 0);
    const written = input.Item === undefined || !isDone ? {} : this.write(fromAttributes(input.Item));
    const isRead = input.Item === undefined;
    const of: Price = { ...NOTHING, calls: 1, [isRead ? 'reads' : 'tableWrites']: units, ...written };
    this.price = {
      ...this.price,
      ...Object.fromEntries(Object.entries(of).map(([name, value]) => [name, value + this.price[name as keyof Price]])),
      itemBytes: Math.max(this.price.itemBytes, of.itemBytes),
    };
  }

  private write(item: Item): Partial<Price> {
    const before = this.items.get(item[Table.PARTITION_KEY]);
    this.items.set(item[Table.PARTITION_KEY], item);
    const itemBytes = itemSizeBytes(item);
    return {
      itemBytes,
      tableWritesByRule: unitsOf(Math.max(itemBytes, before === undefined ? 0 : itemSizeBytes(before))),
      listIndexWrites: indexUnits(Table.LIST_INDEX, before, item),
      pendingIndexWrites: indexUnits(Table.PENDING_INDEX, before, item),
    };
  }
}

/** One to put an entry in, one to take one out, none where what is projected stays as it is. */
function indexUnits(
  { partitionKey, sortKey }: typeof Table.LIST_INDEX | typeof Table.PENDING_INDEX,
  ...items: (Item | undefined)[]
) {
  const entries = items.map((item) => {
    const { [Table.PARTITION_KEY]: pk, [partitionKey]: shard, [sortKey]: position } = item ?? {};
    return shard === undefined ? undefined : { [Table.PARTITION_KEY]: pk, [partitionKey]: shard, [sortKey]: position };
  });
  const [before, after] = entries.map((entry) => JSON.stringify(entry));
  if (before === after) return 0;
  return entries.reduce((sum, entry) => sum + (entry === undefined ? 0 : unitsOf(itemSizeBytes(entry))), 0);
}

function unitsOf(bytes: number): number {
  return Math.ceil(bytes / 1024);
}
