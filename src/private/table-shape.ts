/** Whether a table that was not made here has the keys and indexes that the handler relies on. Judged as far as synth can know. */
import { Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { IConstruct } from 'constructs';
import { Table } from '../contract';
import { refuse } from './validation';

/** Keys in order, each `name:type`: `['pk:S']`. Under '' the table's own, then each index by name. */
type TableShape = Readonly<Record<string, readonly string[]>>;

interface KeyProps {
  readonly partitionKey?: dynamodb.Attribute;
  readonly sortKey?: dynamodb.Attribute;
}

type AttributeDefinition = Pick<dynamodb.CfnTable.AttributeDefinitionProperty, 'attributeName' | 'attributeType'>;
type KeyElement = Pick<dynamodb.CfnTable.KeySchemaProperty, 'attributeName' | 'keyType'>;
interface Index {
  readonly indexName: string;
  readonly keySchema: readonly KeyElement[];
}

const TABLE = '';
const REQUIRED: TableShape = {
  [TABLE]: [`${Table.PARTITION_KEY}:S`],
  [Table.LIST_INDEX.name]: [`${Table.LIST_INDEX.partitionKey}:S`, `${Table.LIST_INDEX.sortKey}:S`],
  [Table.PENDING_INDEX.name]: [`${Table.PENDING_INDEX.partitionKey}:S`, `${Table.PENDING_INDEX.sortKey}:S`],
};

export function checkTableShape(where: IConstruct, shape: TableShape): void {
  for (const [index, keys] of Object.entries(REQUIRED)) {
    const got = shape[index];
    if (got !== undefined && got.join() === keys.join()) continue;
    const what = index === TABLE ? 'the table of PaymentStore.fromTable' : `its index ${index}`;
    refuse(where, {
      code: 'table-keys',
      what: `${what} ${got === undefined ? 'is missing' : 'has other keys than payments need'}`,
      got: got ?? Object.keys(shape).filter((name) => name !== TABLE),
      allowed: keys.join(' and '),
      fix: 'make the table with PaymentStore.dynamoDb(), or with these keys',
    });
  }
}

/** Of a table that is made in this app; undefined for an imported one. */
export function shapeOfConstruct(table: dynamodb.ITable): TableShape | undefined {
  const resource = table.node.defaultChild;
  if (!(resource instanceof dynamodb.CfnGlobalTable) && !(resource instanceof dynamodb.CfnTable)) return undefined;
  const stack = Stack.of(resource);
  const attributes: AttributeDefinition[] = stack.resolve(resource.attributeDefinitions) ?? [];
  const tableKeys: KeyElement[] = stack.resolve(resource.keySchema);
  const indexes: Index[] = stack.resolve(resource.globalSecondaryIndexes) ?? [];
  const types = new Map(attributes.map(({ attributeName, attributeType }) => [attributeName, attributeType]));
  const keysOf = (elements: readonly KeyElement[]): string[] =>
    [...elements]
      .sort((a, b) => a.keyType.localeCompare(b.keyType)) // HASH before RANGE
      .map(({ attributeName }) => `${attributeName}:${types.get(attributeName)}`);
  return Object.fromEntries([
    [TABLE, keysOf(tableKeys)],
    ...indexes.map(({ indexName, keySchema }) => [indexName, keysOf(keySchema)] as const),
  ]);
}

/** Of an imported table, as its owner declares it. */
export function shapeOfProps(
  props: KeyProps & { readonly globalSecondaryIndexes?: dynamodb.GlobalSecondaryIndexPropsV2[] },
): TableShape {
  const keysOf = ({ partitionKey, sortKey }: KeyProps): string[] =>
    [partitionKey, sortKey].flatMap((key) => (key === undefined ? [] : [`${key.name}:${key.type}`]));
  return Object.fromEntries([
    [TABLE, keysOf(props)],
    ...(props.globalSecondaryIndexes ?? []).map((index) => [index.indexName, keysOf(index)] as const),
  ]);
}
