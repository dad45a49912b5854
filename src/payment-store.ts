/** Where payments are kept: a choice object. The table's keys are those of `contract.ts`; the handler relies on them. */
import { CfnResource, RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { Table } from './contract';
import {
  type DynamoDbStoreProps,
  type ExistingTableProps,
  type ReplicaStoreProps,
  TableConsistency,
} from './payment-store-props';
import { factsOf, tellFacts } from './private/store-facts';
import { checkStrongTable, type Replication, replicationOf } from './private/table-replicas';
import { checkTableShape, shapeOfConstruct, shapeOfProps } from './private/table-shape';
import { known, knownRegion, refuse, refuseForeignRegion } from './private/validation';

/** What a store is given of the service that uses it. */
export interface PaymentStoreBindOptions {
  /** Encrypts what the store makes, unless it has a key of its own. */
  readonly encryptionKey: kms.IKey;
}

/** What a store is to the service that uses it. */
export interface PaymentStoreConfig {
  /** The table. */
  readonly table: dynamodb.ITable;

  /**
   * Customer managed key that the table is encrypted with.
   *
   * @default - none is known
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What a write means in the other Regions that have the table.
   *
   * @default - no other Region is known to have it
   */
  readonly consistency?: TableConsistency;

  /**
   * Region that payments made by this service belong to. Of a strongly consistent table it is one for all Regions: the same key then
   * makes the same payment in any of them.
   *
   * @default - the service's own
   */
  readonly homeRegion?: string;
}

/** The table of payments and merchants' profiles. */
export abstract class PaymentStore {
  /**
   * A DynamoDB table: on demand, encrypted, with point-in-time recovery, deletion protection and a stream; with `replicas` in several
   * Regions.
   */
  public static dynamoDb(props: DynamoDbStoreProps = {}): PaymentStore {
    return new DynamoDbStore(props);
  }

  /**
   * A table that exists or is made elsewhere. Its keys and indexes must be those of this library: see `docs/architecture.md`.
   *
   * The service gets rights on the table and its two indexes whatever the table was imported with.
   */
  public static fromTable(table: dynamodb.ITable, props: ExistingTableProps = {}): PaymentStore {
    return new ExistingTable(table, props);
  }

  /** The replica in this Region of a table that another Region's stack makes with `replicas`. */
  public static replicaOf(props: ReplicaStoreProps): PaymentStore {
    return new ReplicaStore(props);
  }

  /** Called by the service that uses the store, once. */
  public abstract bind(scope: Construct, options: PaymentStoreBindOptions): PaymentStoreConfig;
}

class DynamoDbStore extends PaymentStore {
  constructor(private readonly props: DynamoDbStoreProps) {
    super();
  }

  public bind(scope: Construct, options: PaymentStoreBindOptions): PaymentStoreConfig {
    const { props } = this;
    const encryptionKey = props.encryptionKey ?? options.encryptionKey;
    const replication = replicationOf(scope, props);
    const isRegionKnown = knownRegion(scope) !== undefined;
    const table = new dynamodb.TableV2(scope, 'Table', {
      tableName: props.tableName,
      partitionKey: stringAttribute(Table.PARTITION_KEY),
      globalSecondaryIndexes: [Table.LIST_INDEX, Table.PENDING_INDEX].map(({ name, partitionKey, sortKey }) => ({
        indexName: name,
        partitionKey: stringAttribute(partitionKey),
        sortKey: stringAttribute(sortKey),
        projectionType: dynamodb.ProjectionType.KEYS_ONLY,
      })),
      billing: props.billing ?? dynamodb.Billing.onDemand(),
      encryption: isRegionKnown
        ? dynamodb.TableEncryptionV2.customerManagedKey(encryptionKey, replicaKeyArns(replication))
        : dynamodb.TableEncryptionV2.awsManagedKey(),
      // Both hold for the replicas too.
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: props.pointInTimeRecovery ?? true },
      deletionProtection: props.deletionProtection ?? true,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
      // The view that replicas need: another one could not become a global table without losing the stream first.
      dynamoStream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
      ...replicaProps(replication),
    });
    if (!isRegionKnown) encryptRegionAgnosticTable(table, encryptionKey);
    return { table, encryptionKey, ...replicated(replication?.consistency, knownRegion(scope)) };
  }
}

class ExistingTable extends PaymentStore {
  constructor(
    private readonly table: dynamodb.ITable,
    private readonly props: ExistingTableProps,
  ) {
    super();
  }

  public bind(scope: Construct): PaymentStoreConfig {
    const { table, props } = this;
    refuseForeignRegion(scope, 'table', table, table.tableName);
    const shape = props.partitionKey === undefined ? shapeOfConstruct(table) : shapeOfProps(props);
    if (shape !== undefined) checkTableShape(scope, shape);
    checkStrongTable(scope, table);
    if (props.consistency !== undefined) tellFacts(table, { consistency: props.consistency, ...named(table) });
    const consistency = factsOf(table)?.consistency;
    return {
      table,
      encryptionKey: props.encryptionKey ?? table.encryptionKey,
      ...(consistency !== undefined && { consistency }),
    };
  }
}

class ReplicaStore extends PaymentStore {
  constructor(private readonly props: ReplicaStoreProps) {
    super();
  }

  public bind(scope: Construct, options: PaymentStoreBindOptions): PaymentStoreConfig {
    const { tableName, ownerRegion, tableStreamArn, consistency = TableConsistency.STRONG } = this.props;
    this.checkRegion(scope);
    const encryptionKey = this.props.encryptionKey ?? options.encryptionKey;
    const table = dynamodb.TableV2.fromTableAttributes(scope, 'Table', { tableName, tableStreamArn, encryptionKey });
    tellFacts(table, { tableName, consistency });
    return { table, encryptionKey, ...replicated(consistency, ownerRegion) };
  }

  private checkRegion(scope: Construct): void {
    const { ownerRegion } = this.props;
    if (knownRegion(scope) !== undefined && knownRegion(scope) !== ownerRegion) return;
    refuse(scope, {
      code: 'replica-region',
      what: 'PaymentStore.replicaOf stands in the Region that owns the table, or in a stack without a Region',
      got: knownRegion(scope),
      allowed: `a stack in a Region of the table's replicas; ${ownerRegion} has the table itself`,
      fix: `use PaymentStore.dynamoDb() in ${ownerRegion}, and give this stack its Region`,
    });
  }
}

function named({ tableName }: dynamodb.ITable): { readonly tableName?: string } {
  return known(tableName) === undefined ? {} : { tableName };
}

/** What a service has to know besides the table. */
function replicated(
  consistency: TableConsistency | undefined,
  ownerRegion: string | undefined,
): Pick<PaymentStoreConfig, 'consistency' | 'homeRegion'> {
  if (consistency === undefined) return {};
  return consistency === TableConsistency.STRONG ? { consistency, homeRegion: ownerRegion } : { consistency };
}

function replicaKeyArns(replication: Replication | undefined): Record<string, string> {
  return Object.fromEntries(
    replication?.replicas.map(({ region, encryptionKeyArn }) => [region, encryptionKeyArn]) ?? [],
  );
}

function replicaProps(replication: Replication | undefined): Partial<dynamodb.TablePropsV2> {
  if (replication === undefined) return {};
  return {
    replicas: replication.replicas.map(({ region }) => ({ region })),
    multiRegionConsistency: dynamodb.MultiRegionConsistency[replication.consistency],
    witnessRegion: replication.witnessRegion,
  };
}

function stringAttribute(name: string): dynamodb.Attribute {
  return { name, type: dynamodb.AttributeType.STRING };
}

/** TableV2 refuses a customer managed key where it does not know the Region; the template does not need to know it. */
function encryptRegionAgnosticTable(table: dynamodb.TableV2, { keyArn }: kms.IKey): void {
  const resource = table.node.defaultChild;
  if (!CfnResource.isCfnResource(resource)) throw new Error('TableV2 has no resource');
  resource.addPropertyOverride('Replicas.0.SSESpecification.KMSMasterKeyId', keyArn);
}
