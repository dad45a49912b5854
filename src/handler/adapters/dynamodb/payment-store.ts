/**
 * Payments in a DynamoDB table. One payment, one item, one conditional PutItem. GetItem, PutItem, BatchGetItem, Query and DescribeTable
 * are all that the task's role allows; nothing here may need more.
 */
import { Table } from '../../../contract';
import type { ListEntry, ListQuery, PaymentStore, PendingQuery, WriteResult } from '../../app/ports';
import { LIMITS } from '../../domain/limits';
import type { Merchant } from '../../domain/merchant';
import type { Payment } from '../../domain/payment';
import type { AwsError } from '../aws/aws-error';
import { backOff } from '../aws/backoff';
import type { AwsJsonClient } from '../aws/json-client';
import {
  fromItem,
  fromItems,
  fromMerchantItem,
  merchantPk,
  merchantShards,
  pendingShards,
  type StoredItem,
  toItem,
  toMerchantItem,
  warnUnreadable,
} from '../stored-payment';
import { type Attributes, fromAttributes, toAttributes } from './attributes';
import { isConditionFailure, readProblem, storeUnavailable, writeProblem } from './problems';
import { type OnFreeze, TableFence } from './table-fence';
import { TableMarker } from './table-marker';

export interface DynamoDbStoreOptions {
  readonly tableName: string;
  /** AWS Region of this process: stands in the events that other processes read from the stream. */
  readonly region: string;
  readonly client: AwsJsonClient;
  /** Told of items that no reader understands and that a list leaves out. */
  readonly onUnreadable?: (error: Error) => void;
}

/** Takes writes only while the table is the one that its payments were written for. */
export async function openDynamoDbStore(
  options: DynamoDbStoreOptions & { readonly onFreeze: OnFreeze },
): Promise<PaymentStore> {
  const fence = new TableFence(new TableMarker(options), options.onFreeze);
  await fence.start();
  return new DynamoDbStore(options, fence);
}

/** Takes writes whatever the table is: for who reconciles it, and for tests. */
export function createDynamoDbStore(options: DynamoDbStoreOptions): PaymentStore {
  return new DynamoDbStore(options);
}

/** An entry of an index: keys only, and all keys are strings. */
type IndexEntry = Readonly<Record<string, { readonly S: string } | undefined>>;

/** Condition of a write where nothing is yet. */
const ABSENT = {
  ConditionExpression: 'attribute_not_exists(#key)',
  ExpressionAttributeNames: { '#key': Table.PARTITION_KEY },
};
/** BatchGetItem takes no more. */
const BATCH_KEYS = 100;
const PING_KEY = 'ping';

class DynamoDbStore implements PaymentStore {
  private readonly table: string;
  private readonly region: string;
  private readonly client: AwsJsonClient;
  private readonly onUnreadable: (error: Error) => void;

  constructor(
    { tableName, region, client, onUnreadable = warnUnreadable }: DynamoDbStoreOptions,
    private readonly fence?: TableFence,
  ) {
    this.table = tableName;
    this.region = region;
    this.client = client;
    this.onUnreadable = onUnreadable;
  }

  create(payment: Payment): Promise<WriteResult> {
    return this.write(payment, ABSENT);
  }

  replace(payment: Payment): Promise<WriteResult> {
    return this.write(payment, {
      ConditionExpression: '#revision = :read',
      ExpressionAttributeNames: { '#revision': 'revision' },
      ExpressionAttributeValues: { ':read': { N: String(payment.revision - 1) } },
    });
  }

  async get(id: string): Promise<Payment | undefined> {
    const item = await this.read(id);
    return item === undefined ? undefined : fromItem(fromAttributes(item));
  }

  async getMany(ids: readonly string[]): Promise<Payment[]> {
    const distinct = [...new Set(ids)];
    const chunks = Array.from({ length: Math.ceil(distinct.length / BATCH_KEYS) }, (_, n) =>
      this.readBatch(distinct.slice(n * BATCH_KEYS, (n + 1) * BATCH_KEYS)),
    );
    const items = (await Promise.all(chunks)).flat().map((item) => fromAttributes(item));
    const byId = new Map(fromItems(items, this.onUnreadable).map((payment) => [payment.facts.id, payment]));
    return ids.map((id) => byId.get(id)).filter((payment) => payment !== undefined);
  }

  async list({ merchantId, limit, after }: ListQuery): Promise<readonly ListEntry[]> {
    const { name, partitionKey, sortKey } = Table.LIST_INDEX;
    const shards = merchantShards(merchantId).map((shard) =>
      this.query({
        IndexName: name,
        KeyConditionExpression: after === undefined ? '#shard = :shard' : '#shard = :shard AND #position < :after',
        ExpressionAttributeNames: { '#shard': partitionKey, ...(after !== undefined && { '#position': sortKey }) },
        ExpressionAttributeValues: { ':shard': { S: shard }, ...(after !== undefined && { ':after': { S: after } }) },
        ScanIndexForward: false,
        Limit: limit,
      }),
    );
    return (await Promise.all(shards))
      .flat()
      .map((keys) => ({ id: text(keys, Table.PARTITION_KEY), position: text(keys, sortKey) }))
      .sort((one, other) => (one.position > other.position ? -1 : 1))
      .slice(0, limit);
  }

  async listPending({ homeRegion, since, limit }: PendingQuery): Promise<readonly string[]> {
    const { name, partitionKey, sortKey } = Table.PENDING_INDEX;
    const shards = pendingShards(homeRegion).map((shard) =>
      this.query({
        IndexName: name,
        KeyConditionExpression: '#shard = :shard AND #begun < :since',
        ExpressionAttributeNames: { '#shard': partitionKey, '#begun': sortKey },
        ExpressionAttributeValues: { ':shard': { S: shard }, ':since': { S: since } },
        Limit: limit,
      }),
    );
    return (await Promise.all(shards))
      .flat()
      .sort((one, other) => (text(one, sortKey) < text(other, sortKey) ? -1 : 1))
      .slice(0, limit)
      .map((keys) => text(keys, Table.PARTITION_KEY));
  }

  async getMerchant(id: string): Promise<Merchant | undefined> {
    const item = await this.read(merchantPk(id));
    return item === undefined ? undefined : fromMerchantItem(fromAttributes(item));
  }

  async putMerchant(merchant: Merchant): Promise<void> {
    await this.put(toMerchantItem(merchant)).catch((error: unknown) => {
      throw writeProblem(error);
    });
  }

  async createMerchant(merchant: Merchant): Promise<boolean> {
    try {
      await this.put(toMerchantItem(merchant), ABSENT);
      return true;
    } catch (error) {
      if (isConditionFailure(error)) return false;
      throw writeProblem(error);
    }
  }

  /** Until it is known, too: what is begun at the bank must be able to end in the table. */
  isFrozen(): boolean {
    return this.fence?.isOpen === false;
  }

  async ping(): Promise<void> {
    await this.reading('GetItem', { TableName: this.table, Key: keyOf(PING_KEY) });
  }

  close(): Promise<void> {
    this.fence?.close();
    return this.client.close();
  }

  private async write(payment: Payment, condition: object): Promise<WriteResult> {
    const { id } = payment.facts;
    try {
      await this.put(toItem(payment, this.region), condition);
      return { written: true };
    } catch (error) {
      if (!isConditionFailure(error)) throw writeProblem(error);
      const current = await this.standing(id, error);
      if (current === undefined) throw new Error(`payment ${id} is to be replaced and is not there`);
      return { written: false, current };
    }
  }

  /** What was there instead. Not every server returns it with the refusal. */
  private async standing(id: string, failure: AwsError): Promise<Payment | undefined> {
    const { Item: item } = failure.reply;
    if (isAttributes(item)) return fromItem(fromAttributes(item));
    try {
      return await this.get(id);
    } catch (error) {
      // An attempt before the refused one may have been the write that it was refused for.
      throw failure.effect === 'unknown' ? writeProblem(failure) : error;
    }
  }

  private async put(item: StoredItem, condition?: object): Promise<object> {
    await this.fence?.pass();
    return this.client.call('PutItem', {
      TableName: this.table,
      Item: toAttributes(item),
      ...(condition !== undefined && { ...condition, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    });
  }

  private async read(pk: string): Promise<Attributes | undefined> {
    const input = { TableName: this.table, Key: keyOf(pk), ConsistentRead: true };
    return (await this.reading<{ Item?: Attributes }>('GetItem', input)).Item;
  }

  private async readBatch(ids: readonly string[]): Promise<Attributes[]> {
    const endsAt = performance.now() + LIMITS.storeTotalMs;
    const items: Attributes[] = [];
    let keys: readonly Attributes[] = ids.map(keyOf);
    for (let tries = 1; ; tries++) {
      const output = await this.reading<BatchGetItemOutput>('BatchGetItem', {
        RequestItems: { [this.table]: { Keys: keys, ConsistentRead: true } },
      });
      items.push(...(output.Responses?.[this.table] ?? []));
      keys = output.UnprocessedKeys?.[this.table]?.Keys ?? [];
      if (keys.length === 0) return items;
      if (tries === LIMITS.writeAttempts || performance.now() > endsAt) throw storeUnavailable();
      await backOff(tries);
    }
  }

  /** Keys only and bounded by `Limit`, so one page holds them all. */
  private async query(input: object): Promise<IndexEntry[]> {
    return (await this.reading<{ Items?: IndexEntry[] }>('Query', { TableName: this.table, ...input })).Items ?? [];
  }

  private reading<Output>(operation: 'GetItem' | 'BatchGetItem' | 'Query', input: object): Promise<Output> {
    return this.client.call<Output>(operation, input).catch((error: unknown) => {
      throw readProblem(error);
    });
  }
}

interface BatchGetItemOutput {
  readonly Responses?: Readonly<Record<string, Attributes[]>>;
  readonly UnprocessedKeys?: Readonly<Record<string, { readonly Keys: readonly Attributes[] }>>;
}

function keyOf(pk: string): Attributes {
  return { [Table.PARTITION_KEY]: { S: pk } };
}

function text(keys: IndexEntry, name: string): string {
  const value = keys[name]?.S;
  if (value === undefined) throw new Error(`an index entry lacks its ${name}`);
  return value;
}

function isAttributes(item: unknown): item is Attributes {
  return typeof item === 'object' && item !== null && Table.PARTITION_KEY in item;
}
