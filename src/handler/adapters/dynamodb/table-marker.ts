/**
 * For which table its payments were written: one item in the table itself. A restore makes a new table with the old items, and what the bank
 * has done since is not in them; the item names the table before, and so tells.
 *
 * Replicas of a global table are tables of their own with the same items, so the item has an entry for each Region.
 */
import { Table } from '../../../contract';
import { LIMITS } from '../../domain/limits';
import type { AwsJsonClient } from '../aws/json-client';
import { type Attributes, fromAttributes, toAttributes } from './attributes';
import { isConditionFailure, readProblem, storeUnavailable } from './problems';

/** Beside payments and merchants; is no id of either. */
const MARKER_PK = 'table#marker';
const SCHEMA = 1;

/** A table by its name, and by the id that AWS gave it, where that is known. No two tables ever have the same id. */
interface TableIdentity {
  readonly name: string;
  readonly id?: string;
}

interface Marker {
  readonly revision: number;
  readonly tables: Readonly<Record<string, TableIdentity>>;
}

export interface TableMarkerOptions {
  readonly tableName: string;
  /** AWS Region of this process. */
  readonly region: string;
  readonly client: AwsJsonClient;
}

export class TableMarker {
  private readonly table: string;
  private readonly region: string;
  private readonly client: AwsJsonClient;

  constructor({ tableName, region, client }: TableMarkerOptions) {
    this.table = tableName;
    this.region = region;
    this.client = client;
  }

  /**
   * Whether the payments in this table were written to it and to no other before. Of a table that nobody has marked yet the first who
   * asks says so; every table begins with that, before its first payment.
   */
  async isOurs(): Promise<boolean> {
    const { own, replicas } = await this.describe();
    for (let tries = 0; tries < LIMITS.writeAttempts; tries++) {
      const marker = await this.read();
      const marked = marker?.tables[this.region];
      if (marked !== undefined) {
        if (!isSame(marked, own)) return false;
        if (marked.id !== undefined || own.id === undefined) return true;
      } else if (marker !== undefined && !replicas.some((region) => region in marker.tables)) {
        return false; // no replica of the marked table, so a copy that was restored into this Region
      }
      if (await this.write({ ...marker?.tables, [this.region]: own }, marker?.revision)) return true;
    }
    throw storeUnavailable();
  }

  /** From now on the payments are this table's, and nobody else's: it has been reconciled with the bank. */
  async claim(): Promise<void> {
    if (await this.isOurs()) return;
    const { own } = await this.describe();
    for (let tries = 0; tries < LIMITS.writeAttempts; tries++) {
      const marker = await this.read();
      if (await this.write({ [this.region]: own }, marker?.revision)) return;
    }
    throw storeUnavailable();
  }

  /** What does not answer for now is known by its name, and by its id at the next look: payments do not wait for it. */
  private async describe(): Promise<{ readonly own: TableIdentity; readonly replicas: readonly string[] }> {
    const { table: name } = this;
    const output: DescribeTableOutput = await this.client
      .call<DescribeTableOutput>('DescribeTable', { TableName: name })
      .catch(() => ({}));
    const { TableId: id, Replicas: replicas = [] } = output.Table ?? {};
    return {
      own: { name, ...(id !== undefined && { id }) },
      replicas: replicas.flatMap(({ RegionName: region }) => (region === undefined ? [] : [region])),
    };
  }

  private async read(): Promise<Marker | undefined> {
    const input = {
      TableName: this.table,
      Key: toAttributes({ [Table.PARTITION_KEY]: MARKER_PK }),
      ConsistentRead: true,
    };
    const { Item: item } = await this.client
      .call<{ readonly Item?: Attributes }>('GetItem', input)
      .catch((error: unknown) => {
        throw readProblem(error);
      });
    return item === undefined ? undefined : markerOf(fromAttributes(item));
  }

  /** @returns whether it was written over that revision */
  private async write(tables: Marker['tables'], over: number | undefined): Promise<boolean> {
    const item = { [Table.PARTITION_KEY]: MARKER_PK, schema: SCHEMA, revision: (over ?? 0) + 1, tables };
    const condition =
      over === undefined
        ? {
            ConditionExpression: 'attribute_not_exists(#key)',
            ExpressionAttributeNames: { '#key': Table.PARTITION_KEY },
          }
        : {
            ConditionExpression: '#revision = :read',
            ExpressionAttributeNames: { '#revision': 'revision' },
            ExpressionAttributeValues: toAttributes({ ':read': over }),
          };
    try {
      await this.client.call('PutItem', { TableName: this.table, Item: toAttributes(item), ...condition });
      return true;
    } catch (error) {
      if (isConditionFailure(error)) return false;
      throw readProblem(error); // no payment was written, whatever became of the marker
    }
  }
}

interface DescribeTableOutput {
  readonly Table?: {
    readonly TableId?: string;
    readonly Replicas?: readonly { readonly RegionName?: string }[];
  };
}

function isSame(one: TableIdentity, other: TableIdentity): boolean {
  return one.id === undefined || other.id === undefined ? one.name === other.name : one.id === other.id;
}

/** @throws Error where a later release has written what this one cannot judge */
function markerOf(item: Record<string, unknown>): Marker | undefined {
  const { [Table.PARTITION_KEY]: pk, schema, revision, tables } = item;
  if (pk !== MARKER_PK) return undefined;
  if (schema === SCHEMA && typeof revision === 'number' && isTables(tables)) return { revision, tables };
  throw new Error(`the item ${MARKER_PK} of the table is of a schema that this release does not know`);
}

function isTables(value: unknown): value is Marker['tables'] {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).every(
    (each) => typeof each === 'object' && each !== null && typeof each.name === 'string',
  );
}
