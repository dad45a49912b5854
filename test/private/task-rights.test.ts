import { Match, Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Connector, LogLevel, PaymentKeys, PaymentStore } from '../../src';
import { agnosticStack, containerOf, serviceIn, serviceTemplate } from './stacks';

const KEY_USE = [
  ...['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext'],
  ...['kms:ReEncryptFrom', 'kms:ReEncryptTo'],
];

function environmentOf(template: Template): Record<string, unknown> {
  const entries = containerOf(template).Environment as { Name: string; Value: unknown }[];
  return Object.fromEntries(entries.map(({ Name, Value }) => [Name, Value]));
}

/** `action on resource` for each pair that the task role allows, with the service that a key may be used through. */
function taskRightsOf(template: Template): string[] {
  const policies = Object.values(template.findResources('AWS::IAM::Policy'));
  const rights = policies.find(({ Properties }) => JSON.stringify(Properties.Roles).includes('TaskRole'))!;
  const statements: { Action: string | string[]; Resource: unknown; Condition?: object }[] =
    rights.Properties.PolicyDocument.Statement;
  return statements.flatMap(({ Action, Resource, Condition }) =>
    [Action].flat().flatMap((action) =>
      [Resource].flat().map((resource) => {
        const via =
          Condition === undefined ? '' : ` via ${/"(dynamodb|secretsmanager)\./.exec(JSON.stringify(Condition))![1]}`;
        return `${action} on ${nameOf(resource)}${via}`;
      }),
    ),
  );
}

/** Logical id and the literal end of an ARN. */
function nameOf(resource: unknown): string {
  const text = JSON.stringify(resource);
  return [/"Service([A-Za-z]+?)[0-9A-F]{8}"/.exec(text)?.[1], /"\/index\/(\w+)"/.exec(text)?.[1]]
    .filter(Boolean)
    .join(' ');
}

test('the task may do what the handler calls, on its own table, indexes and secrets, and nothing else', () => {
  expect(taskRightsOf(serviceTemplate())).toEqual([
    'dynamodb:BatchGetItem on Table',
    'dynamodb:DescribeTable on Table',
    'dynamodb:GetItem on Table',
    'dynamodb:PutItem on Table',
    'dynamodb:Query on Table byMerchant',
    'dynamodb:Query on Table pending',
    ...KEY_USE.map((action) => `${action} on KeysKey via dynamodb`),
    'secretsmanager:GetSecretValue on KeysPaymentIdKey',
    'kms:Decrypt on KeysKey via secretsmanager',
    'secretsmanager:GetSecretValue on KeysQrKeys',
    'kms:Decrypt on KeysKey via secretsmanager',
  ]);
});

test('the environment names what the rights are for', () => {
  expect(environmentOf(serviceTemplate())).toEqual({
    HOST: '0.0.0.0',
    PORT: '8080',
    AWS_REGION: { Ref: 'AWS::Region' },
    HOME_REGION: { Ref: 'AWS::Region' },
    METRICS: 'emf',
    SERVICE_NAME: expect.stringMatching(/^Stack-Service-/),
    TABLE_NAME: { Ref: expect.stringMatching(/^ServiceTable/) },
    PAYMENT_ID_KEY_SECRET_ARN: { Ref: expect.stringMatching(/^ServiceKeysPaymentIdKey/) },
    QR_KEYS_SECRET_ARN: { Ref: expect.stringMatching(/^ServiceKeysQrKeys/) },
  });
});

test('an HTTP connector brings its URL, its secret and the right to read it', () => {
  const stack = agnosticStack();
  const secret = new Secret(stack, 'Bank', { encryptionKey: new Key(stack, 'BankKey') });
  serviceIn(stack, { connector: Connector.http({ url: 'https://bank.example:8443/v1', secret }) });
  const template = Template.fromStack(stack);

  expect(environmentOf(template)).toMatchObject({
    CONNECTOR_URL: 'https://bank.example:8443/v1',
    CONNECTOR_SECRET_ARN: { Ref: expect.stringMatching(/^Bank/) },
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Sid: 'ConnectorSecret', Action: 'secretsmanager:GetSecretValue' }),
        Match.objectLike({ Sid: 'ConnectorSecretKey', Action: 'kms:Decrypt' }),
      ]),
    },
  });
});

test('public URL and log level reach the handler where they are set', () => {
  const template = serviceTemplate({ publicUrl: 'https://pay.example.com', logLevel: LogLevel.DEBUG });

  expect(environmentOf(template)).toMatchObject({ PUBLIC_URL: 'https://pay.example.com', LOG_LEVEL: 'debug' });
});

test('a public URL that links cannot start with is refused', () => {
  expect(() => serviceTemplate({ publicUrl: 'https://pay.example.com/' })).toThrow(/publicUrl .*\[base-url\]/);
});

test('a secret imported by name is granted with the characters that its ARN does not show, and without a key', () => {
  const stack = agnosticStack();
  const paymentIdKey = Secret.fromSecretNameV2(stack, 'Ids', 'pay/ids');
  serviceIn(stack, { keys: new PaymentKeys(stack, 'Keys', { paymentIdKey }) });

  const [policy] = Object.values(
    Template.fromStack(stack).findResources('AWS::IAM::Policy', {
      Properties: { PolicyName: Match.stringLikeRegexp('Rights') },
    }),
  );
  const statements: { Sid: string }[] = policy!.Properties.PolicyDocument.Statement;
  expect(JSON.stringify(statements.find(({ Sid }) => Sid === 'PaymentIdKey'))).toContain(':secret:pay/ids-??????');
  expect(statements.map(({ Sid }) => Sid)).not.toContain('PaymentIdKeyKey');
});

test('an imported table gets the same rights on table and indexes', () => {
  const stack = agnosticStack();
  const table = dynamodb.TableV2.fromTableName(stack, 'T', 'payments');
  const service = serviceIn(stack, { paymentStore: PaymentStore.fromTable(table) });
  const template = Template.fromStack(stack);

  expect(service.table).toBe(table);
  expect(environmentOf(template).TABLE_NAME).toBe('payments');
  template.resourceCountIs('AWS::DynamoDB::GlobalTable', 0);
  const [policy] = Object.values(
    template.findResources('AWS::IAM::Policy', { Properties: { PolicyName: Match.stringLikeRegexp('Rights') } }),
  );
  const rights = JSON.stringify(policy!.Properties.PolicyDocument);
  expect(rights).toContain(':table/payments"');
  expect(rights).toContain(':table/payments/index/byMerchant"');
  expect(rights).toContain(':table/payments/index/pending"');
});

test('whoever reports on payments may read, and no more', () => {
  const stack = agnosticStack();
  const role = new iam.Role(stack, 'Auditor', { assumedBy: new iam.AccountRootPrincipal() });

  serviceIn(stack).grantReadPayments(role);

  const [policy] = Object.values(
    Template.fromStack(stack).findResources('AWS::IAM::Policy', {
      Properties: { Roles: [{ Ref: Match.stringLikeRegexp('^Auditor') }] },
    }),
  );
  const statements: { Action: string | string[] }[] = policy!.Properties.PolicyDocument.Statement;
  expect(statements.flatMap(({ Action }) => Action)).toEqual([
    'dynamodb:BatchGetItem',
    'dynamodb:GetItem',
    'dynamodb:Query',
    'kms:Decrypt',
  ]);
});

test('a task that reconciles may do what the others may, and scan; the others may not', () => {
  const stack = agnosticStack();
  const role = new iam.Role(stack, 'Reconcile', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });

  const grant = serviceIn(stack).grantReconcile(role);

  expect(grant.success).toBe(true);
  const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  const actionsOf = (...names: string[]) =>
    policies
      .filter(
        ({ Properties }) => names.join() === Properties.Roles.map(({ Ref }: { Ref: string }) => nameOfRole(Ref)).join(),
      )
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .flatMap(({ Action }: { Action: string | string[] }) => Action);
  expect(actionsOf('Reconcile')).toEqual(['dynamodb:Scan']);
  expect(actionsOf('ServiceTaskRole', 'Reconcile')).toContain('dynamodb:PutItem');
  expect(actionsOf('ServiceTaskRole', 'Reconcile')).not.toContain('dynamodb:Scan');
});

function nameOfRole(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}

test('both roles are for tasks of this account only', () => {
  serviceTemplate().resourcePropertiesCountIs(
    'AWS::IAM::Role',
    {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'ecs-tasks.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ],
      },
    },
    2,
  );
});
