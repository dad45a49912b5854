import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { PaymentKeys } from '../src';
import { agnosticStack, PRIMARY, regionalStack, STANDBY } from './private/stacks';

const SECRET = 'AWS::SecretsManager::Secret';
const KEY = 'AWS::KMS::Key';

test('by default a rotated key and two secrets are made, and all of them retained', () => {
  const stack = agnosticStack();

  new PaymentKeys(stack, 'Keys');

  const template = Template.fromStack(stack);
  template.resourceCountIs(KEY, 1);
  template.resourceCountIs(SECRET, 2);
  template.allResources(KEY, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  template.allResources(SECRET, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  template.hasResourceProperties(KEY, { EnableKeyRotation: true });
});

test('the generator of the secrets never changes, for CloudFormation would make another key of payment ids', () => {
  const stack = agnosticStack();

  new PaymentKeys(stack, 'Keys');

  const secrets = Object.values(Template.fromStack(stack).findResources(SECRET));
  for (const { Properties } of secrets) {
    expect(Properties.GenerateSecretString).toEqual({
      PasswordLength: 44,
      ExcludePunctuation: true,
      IncludeSpace: false,
    });
    expect(Properties).not.toHaveProperty('SecretString');
    expect(Properties).not.toHaveProperty('Name');
  }
});

test('44 letters and digits are base64 of 33 bytes', () => {
  expect(Buffer.from('Ab3z'.repeat(11), 'base64')).toHaveLength(33);
});

test('nothing rotates the key of payment ids', () => {
  const stack = agnosticStack();

  new PaymentKeys(stack, 'Keys');

  Template.fromStack(stack).resourceCountIs('AWS::SecretsManager::RotationSchedule', 0);
});

test('the key is for IAM to give, and for the logs of this account and Region', () => {
  const stack = agnosticStack();

  new PaymentKeys(stack, 'Keys');

  Template.fromStack(stack).hasResourceProperties(KEY, {
    KeyPolicy: {
      Statement: Match.arrayWith([
        Match.objectLike({ Sid: 'Account', Action: 'kms:*' }),
        Match.objectLike({
          Sid: 'CloudWatchLogs',
          Principal: { Service: { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } },
          Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': Match.anyValue() } },
        }),
      ]),
    },
  });
});

test('what is given is used, and not made', () => {
  const stack = agnosticStack();
  const encryptionKey = new Key(stack, 'OwnKey');
  const paymentIdKey = Secret.fromSecretNameV2(stack, 'OwnIdKey', 'ids');
  const qrKeys = Secret.fromSecretNameV2(stack, 'OwnQrKeys', 'qr');

  const keys = new PaymentKeys(stack, 'Keys', { encryptionKey, paymentIdKey, qrKeys });

  expect([keys.encryptionKey, keys.paymentIdKey, keys.qrKeys]).toEqual([encryptionKey, paymentIdKey, qrKeys]);
  Template.fromStack(stack).resourceCountIs(SECRET, 0);
  Template.fromStack(stack).resourceCountIs(KEY, 1);
});

test('named secrets are replicated to where their replicas can be found by name', () => {
  const stack = regionalStack(new App(), PRIMARY);

  new PaymentKeys(stack, 'Keys', { secretNamePrefix: 'pay/prod', replicaRegions: [STANDBY] });

  const template = Template.fromStack(stack);
  for (const name of ['payment-id-key', 'qr-keys']) {
    template.hasResourceProperties(SECRET, { Name: `pay/prod/${name}`, ReplicaRegions: [{ Region: STANDBY }] });
  }
});

test('replicas that nobody could find are refused', () => {
  expect(() => new PaymentKeys(agnosticStack(), 'Keys', { replicaRegions: [STANDBY] })).toThrow(
    /replicaRegions .*secretNamePrefix.*\[replica-without-name\]/,
  );
});
