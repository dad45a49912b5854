/**
 * What a task may do, each right together with the environment that the handler needs to use it, so that the two cannot drift apart.
 *
 * The rights are exactly the calls that the handler makes, and what AWS does with the key on its behalf. They stand in a policy
 * of their own whose statements no feature flag of the app rewrites.
 */
import { Stack } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { Environment, Table } from '../contract';
import type { PaymentStoreConfig } from '../payment-store';

/** What DynamoDB asks of the caller on a customer managed key; the set that aws-cdk-lib grants for reading and writing. */
const TABLE_KEY_ACTIONS = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];

export class TaskRights extends Construct {
  private readonly document = new iam.PolicyDocument({ minimize: false });

  constructor(
    scope: Construct,
    id: string,
    private readonly container: ecs.ContainerDefinition,
  ) {
    super(scope, id);
    const policy = new iam.Policy(this, 'Policy', { document: this.document });
    policy.attachToRole(container.taskDefinition.taskRole);
    // A task that starts before it has its rights fails its first checks.
    container.taskDefinition.node.addDependency(policy);
  }

  public useStore({ table, encryptionKey }: PaymentStoreConfig): void {
    this.container.addEnvironment(Environment.TABLE_NAME, table.tableName);
    this.document.addStatements(...storeStatements(table));
    if (encryptionKey !== undefined) this.allowKey('TableKey', encryptionKey, 'dynamodb', TABLE_KEY_ACTIONS);
  }

  /** @param sid of the statement; one for each secret */
  public useSecret(sid: string, variable: string, secret: secretsmanager.ISecret): void {
    this.container.addEnvironment(variable, secret.secretArn);
    this.document.addStatements(
      new iam.PolicyStatement({
        sid,
        actions: ['secretsmanager:GetSecretValue'],
        // The ARN of a secret imported by name lacks the six characters that Secrets Manager appends.
        resources: [secret.secretFullArn ?? `${secret.secretArn}-??????`],
      }),
    );
    if (secret.encryptionKey !== undefined) {
      this.allowKey(`${sid}Key`, secret.encryptionKey, 'secretsmanager', ['kms:Decrypt']);
    }
  }

  private allowKey(sid: string, key: kms.IKey, service: string, actions: string[]): void {
    this.document.addStatements(
      new iam.PolicyStatement({
        sid,
        actions,
        resources: [key.keyArn],
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
      actions: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
      resources: [table.tableArn],
    }),
    new iam.PolicyStatement({ sid: 'PaymentIndexes', actions: ['dynamodb:Query'], resources: indexArns(table) }),
  ];
}

/** Whatever rights an imported table was told to grant on indexes. */
function indexArns(table: dynamodb.ITable): string[] {
  return [Table.LIST_INDEX, Table.PENDING_INDEX].map(({ name }) => `${table.tableArn}/index/${name}`);
}
