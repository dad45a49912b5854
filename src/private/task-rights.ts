/**
 * What a task may do, each right together with the environment that the handler needs to use it, so that the two cannot drift apart.
 *
 * The rights are exactly the calls that the handler makes, and what AWS does with the key on its behalf. They stand in a policy
 * of their own whose statements no feature flag of the app rewrites.
 */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Connector } from '../connector';
import { Environment, Table } from '../contract';
import type { PaymentStoreConfig } from '../payment-store';
import type { SessionCacheConfig } from '../session-cache';
import { ACKNOWLEDGED, acknowledge } from './acknowledged-rules';
import { connectorsDocument, isShortForm } from './connector-rules';

/** What DynamoDB asks of the caller on a customer managed key; what aws-cdk-lib grants for reading and writing, spelt out. */
const TABLE_KEY_ACTIONS = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

export class TaskRights extends Construct {
  private readonly document = new iam.PolicyDocument({ minimize: false });
  private readonly policy: iam.Policy;

  constructor(
    scope: Construct,
    id: string,
    private readonly container: ecs.ContainerDefinition,
  ) {
    super(scope, id);
    this.policy = new iam.Policy(this, 'Policy', { document: this.document });
    acknowledge(ACKNOWLEDGED.INLINE_POLICY, this.policy);
    this.policy.attachToRole(container.taskDefinition.taskRole);
    // A task that starts before it has its rights fails its first checks.
    container.taskDefinition.node.addDependency(this.policy);
  }

  /** What the task may do, and to read the table from end to end: for a task that is started with `--reconcile`. */
  public grantReconcile(role: iam.IRole, { table }: PaymentStoreConfig): iam.Grant {
    this.policy.attachToRole(role);
    return iam.Grant.addToPrincipal({ grantee: role, actions: ['dynamodb:Scan'], resourceArns: [table.tableArn] });
  }

  public useStore({ table, encryptionKey, homeRegion }: PaymentStoreConfig): void {
    this.container.addEnvironment(Environment.TABLE_NAME, table.tableName);
    if (homeRegion !== undefined) this.container.addEnvironment(Environment.HOME_REGION, homeRegion);
    this.document.addStatements(...storeStatements(table));
    if (encryptionKey !== undefined) this.allowKeys('TableKey', [encryptionKey], 'dynamodb', TABLE_KEY_ACTIONS);
  }

  /** @param sid of the statement; one for each secret */
  public useSecret(sid: string, variable: string, secret: secretsmanager.ISecret): void {
    this.container.addEnvironment(variable, secret.secretArn);
    this.allowSecrets(sid, [secret]);
  }

  /** One bank that asks for no more is told in the short form; the simulator needs nothing. */
  public useConnector(connector: Connector): void {
    const banks = Object.values(connector._banks);
    const [bank] = banks;
    if (bank === undefined) return;
    if (isShortForm(connector)) {
      this.container.addEnvironment(Environment.CONNECTOR_URL, bank.url);
      this.useSecret('ConnectorSecret', Environment.CONNECTOR_SECRET_ARN, bank.secret);
      return;
    }
    const json = Stack.of(this).toJsonString(connectorsDocument(connector));
    this.container.addEnvironment(Environment.CONNECTORS, json);
    this.allowSecrets(
      'ConnectorSecret',
      banks.flatMap(({ secret, clientCertificate = secret }) => [secret, clientCertificate]),
    );
  }

  /** A cache without IAM authentication needs no right. */
  public useCache({ url, userName, cacheName }: SessionCacheConfig): void {
    this.container.addEnvironment(Environment.CACHE_URL, url);
    if (userName === undefined || cacheName === undefined) return;
    this.container.addEnvironment(Environment.CACHE_USER, userName);
    this.container.addEnvironment(Environment.CACHE_NAME, cacheName);
    const arn = (resource: string, resourceName: string) =>
      Stack.of(this).formatArn({
        service: 'elasticache',
        resource,
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    this.document.addStatements(
      new iam.PolicyStatement({
        sid: 'Cache',
        actions: ['elasticache:Connect'],
        resources: [arn('serverlesscache', cacheName), arn('user', userName)],
      }),
    );
  }

  /** In one statement, for a role's policies have room for few. */
  private allowSecrets(sid: string, secrets: readonly secretsmanager.ISecret[]): void {
    // The ARN of a secret imported by name lacks the six characters that Secrets Manager appends.
    const arns = secrets.map(({ secretFullArn, secretArn }) => secretFullArn ?? `${secretArn}-??????`);
    this.document.addStatements(
      new iam.PolicyStatement({ sid, actions: ['secretsmanager:GetSecretValue'], resources: arns }),
    );
    const keys = secrets.flatMap(({ encryptionKey }) => encryptionKey ?? []);
    if (keys.length > 0) this.allowKeys(`${sid}Key`, keys, 'secretsmanager', ['kms:Decrypt']);
  }

  private allowKeys(sid: string, keys: readonly kms.IKey[], service: string, actions: string[]): void {
    this.document.addStatements(
      new iam.PolicyStatement({
        sid,
        actions,
        resources: keys.map(({ keyArn }) => keyArn),
        conditions: { StringEquals: { 'kms:ViaService': `${service}.${Stack.of(this).region}.amazonaws.com` } },
      }),
    );
  }
}

/** Reading payments, and listing them by an index: for whoever reports on payments. */
export function grantRead(grantee: iam.IGrantable, { table, encryptionKey }: PaymentStoreConfig): iam.Grant {
  const actions = ['dynamodb:BatchGetItem', 'dynamodb:GetItem'];
  const grant = iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [table.tableArn] }).combine(
    iam.Grant.addToPrincipal({ grantee, actions: ['dynamodb:Query'], resourceArns: indexArns(table) }),
  );
  return encryptionKey === undefined ? grant : grant.combine(encryptionKey.grantDecrypt(grantee));
}

function storeStatements(table: dynamodb.ITable): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      sid: 'Payments',
      actions: ['dynamodb:BatchGetItem', 'dynamodb:DescribeTable', 'dynamodb:GetItem', 'dynamodb:PutItem'],
      resources: [table.tableArn],
    }),
    new iam.PolicyStatement({ sid: 'PaymentIndexes', actions: ['dynamodb:Query'], resources: indexArns(table) }),
  ];
}

/** Whatever rights an imported table was told to grant on indexes. */
function indexArns(table: dynamodb.ITable): string[] {
  return [Table.LIST_INDEX, Table.PENDING_INDEX].map(({ name }) => `${table.tableArn}/index/${name}`);
}
