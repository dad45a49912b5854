/** What is known at synth of where a service's payments are. A failover between two Regions is judged by it. */
import { Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { TableConsistency } from '../payment-store-props';
import { known } from './validation';

export interface StoreFacts {
  readonly tableName?: string;
  /** None: no other Region has the table. */
  readonly consistency?: TableConsistency;
  /** Regions that have it, where this side knows them. */
  readonly regions?: readonly string[];
}

/** An import itself knows no more than its name. */
const TOLD = new WeakMap<dynamodb.ITable, StoreFacts>();

export function tellFacts(table: dynamodb.ITable, facts: StoreFacts): void {
  TOLD.set(table, facts);
}

/** Nothing of a table that nobody has told anything about. */
export function factsOf(table: dynamodb.ITable): StoreFacts | undefined {
  const resource = table.node.defaultChild;
  if (!(resource instanceof dynamodb.CfnGlobalTable)) return TOLD.get(table);
  const replicas: { readonly region: string }[] = Stack.of(resource).resolve(resource.replicas);
  const isStrong = resource.multiRegionConsistency === TableConsistency.STRONG;
  return {
    ...(known(resource.tableName) !== undefined && { tableName: resource.tableName }),
    ...(replicas.length > 1 && { consistency: isStrong ? TableConsistency.STRONG : TableConsistency.EVENTUAL }),
    regions: replicas.map(({ region }) => region),
  };
}
