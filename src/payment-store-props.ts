/** What a payment store is told of its table: how it is made, how it is replicated, or what is known of one that exists. */
import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as kms from 'aws-cdk-lib/aws-kms';

/** What a write in one Region means in the others. A table keeps what it was made with. */
export enum TableConsistency {
  /** A write is in two Regions before it is acknowledged: a Region that is lost takes nothing with it. Where DynamoDB has it. */
  STRONG = 'STRONG',
  /** A write reaches the other Regions about a second later, and is lost with its Region until then. In any Regions. */
  EVENTUAL = 'EVENTUAL',
}

/** The same table in another Region. */
export interface TableReplica {
  /** Its Region. */
  readonly region: string;

  /**
   * Customer managed key of that Region that encrypts it, by the ARN of the key or of an alias. The key exists before the table: in that
   * Region's foundation stack. DynamoDB gives a replica up whose key it may not use for long.
   */
  readonly encryptionKeyArn: string;
}

/** Settings of a table that is made. */
export interface DynamoDbStoreProps {
  /**
   * Name of the table.
   *
   * @default - CloudFormation names it; with replicas it is required, for the other Regions find the table by it
   */
  readonly tableName?: string;

  /**
   * The same table in other Regions, for a failover. This stack owns all of them; the other Regions' services use
   * `PaymentStore.replicaOf()`. Point-in-time recovery and deletion protection hold for each.
   *
   * @default - the table is in this Region only
   */
  readonly replicas?: TableReplica[];

  /**
   * What a write means in the other Regions. Never changes once the table is made.
   *
   * @default TableConsistency.STRONG
   */
  readonly consistency?: TableConsistency;

  /**
   * Third Region of a strongly consistent table that keeps no payments, and only has a vote.
   *
   * @default - none: a strongly consistent table then has two replicas beside this Region's
   */
  readonly witnessRegion?: string;

  /**
   * Encrypts the table.
   *
   * @default - the encryption key of the service's keys
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * How the table is paid for, and how much it takes: on demand, with limits if you like, or provisioned.
   *
   * @default dynamodb.Billing.onDemand()
   */
  readonly billing?: dynamodb.Billing;

  /**
   * Whether the table can be restored to any second of the last 35 days.
   *
   * @default true
   */
  readonly pointInTimeRecovery?: boolean;

  /**
   * Whether the table refuses to be deleted.
   *
   * @default true
   */
  readonly deletionProtection?: boolean;

  /**
   * What becomes of the table when it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** The replica of a table that another Region's stack makes. Plain strings, so that neither stack waits for the other. */
export interface ReplicaStoreProps {
  /** Name of the table, the same in every Region. */
  readonly tableName: string;

  /** Region of the stack that makes the table. */
  readonly ownerRegion: string;

  /**
   * As the table was made.
   *
   * @default TableConsistency.STRONG
   */
  readonly consistency?: TableConsistency;

  /**
   * Customer managed key of this Region that the replica is encrypted with.
   *
   * @default - the encryption key of the service's keys
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Stream of this Region's replica, for PaymentEvents. DynamoDB names it when the replica is made, so that nobody knows it before:
   * `aws dynamodb describe-table --query Table.LatestStreamArn`.
   *
   * @default - not known; there are no events in this Region
   */
  readonly tableStreamArn?: string;
}

/** What is known of a table that exists. */
export interface ExistingTableProps {
  /**
   * Partition key that the imported table has, to be checked at synth.
   *
   * @default - taken from the table where it is made in this app, otherwise not checked
   */
  readonly partitionKey?: dynamodb.Attribute;

  /**
   * Sort key that the imported table has, to be checked at synth.
   *
   * @default - none
   */
  readonly sortKey?: dynamodb.Attribute;

  /**
   * Global secondary indexes that the imported table has, to be checked at synth together with `partitionKey`.
   *
   * @default - none
   */
  readonly globalSecondaryIndexes?: dynamodb.GlobalSecondaryIndexPropsV2[];

  /**
   * Customer managed key that the table is encrypted with.
   *
   * @default - the table's own, where the table knows it
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What a write means in the other Regions that the imported table is in. An automatic failover goes by it.
   *
   * @default - taken from the table where it is made in this app, otherwise not known
   */
  readonly consistency?: TableConsistency;
}
