/** Where payments are kept: a choice object. The table's keys are those of `contract.ts`; the handler relies on them. */
import { CfnResource, RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { Table } from './contract';
import { checkTableShape, shapeOfConstruct, shapeOfProps } from './private/table-shape';
import { knownRegion, refuseForeignRegion } from './private/validation';

/** Settings of a table that is made. */
export interface DynamoDbStoreProps {
  /**
   * Name of the table.
   *
   * @default - CloudFormation names it
   */
  readonly tableName?: string;

  /**
   * Encrypts the table.
   *
   * @default - the encryption key of the service's keys
   */
  readonly encryptionKey?: kms.IKey;

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
}

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
}

/** The table of payments and merchants' profiles. */
export abstract class PaymentStore {
  /** A DynamoDB table: on demand, encrypted, with point-in-time recovery, deletion protection and a stream. */
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
      billing: dynamodb.Billing.onDemand(),
      encryption: isRegionKnown
        ? dynamodb.TableEncryptionV2.customerManagedKey(encryptionKey)
        : dynamodb.TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: props.pointInTimeRecovery ?? true },
      deletionProtection: props.deletionProtection ?? true,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
      // The view that replicas need: another one could not become a global table without losing the stream first.
      dynamoStream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
    });
    if (!isRegionKnown) encryptRegionAgnosticTable(table, encryptionKey);
    return { table, encryptionKey };
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
    return { table, encryptionKey: props.encryptionKey ?? table.encryptionKey };
  }
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
