/** The keys of a deployment: what its data is encrypted with, and the two secrets that payments and QR codes hang on. */
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, type IConstruct } from 'constructs';
import { ACKNOWLEDGED, acknowledge } from './private/acknowledged-rules';
import { refuse } from './private/validation';

/** Keys that a payment service works with. */
export interface IPaymentKeys extends IConstruct {
  /** Encrypts table, secrets and logs. */
  readonly encryptionKey: kms.IKey;

  /** Key of payment ids: base64, 32 bytes or more. Never rotated, and the same in every Region. */
  readonly paymentIdKey: secretsmanager.ISecret;

  /** Key of the authenticity tag in QR codes: base64, 32 bytes or more. Rotated by putting a new value. */
  readonly qrKeys: secretsmanager.ISecret;
}

/** Keys that exist, and how others are made. */
export interface PaymentKeysProps {
  /**
   * Encrypts table, secrets and logs.
   *
   * The policy of a key that is imported here must already let CloudWatch Logs use it in this account and Region.
   *
   * @default - a key is made: rotated every year, retained when the stack goes
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Key of payment ids: base64, 32 bytes or more. With another key a retried create makes a second payment, so it is never
   * rotated, and a second Region gets the first one's.
   *
   * @default - a secret is made with a random value, retained when the stack goes
   */
  readonly paymentIdKey?: secretsmanager.ISecret;

  /**
   * Key of the authenticity tag in QR codes: base64, 32 bytes or more. Putting a new value rotates it: services write with
   * the current version within minutes and accept codes of the previous one.
   *
   * @default - a secret is made with a random value, retained when the stack goes
   */
  readonly qrKeys?: secretsmanager.ISecret;

  /**
   * Names the secrets that are made `<prefix>/payment-id-key` and `<prefix>/qr-keys`, so that another Region's stack can import
   * their replicas by name. A name stays taken as long as the secret is retained.
   *
   * @default - CloudFormation names them
   */
  readonly secretNamePrefix?: string;

  /**
   * Regions that get a replica of the secrets that are made here, encrypted with the AWS managed key of that Region.
   *
   * @default - none
   */
  readonly replicaRegions?: string[];
}

/**
 * Makes what is not given. Everything made is retained when the stack goes, for without these keys the payments are lost.
 *
 * In two Regions, a stack of its own holds them, and is deployed first.
 */
export class PaymentKeys extends Construct implements IPaymentKeys {
  public readonly encryptionKey: kms.IKey;
  public readonly paymentIdKey: secretsmanager.ISecret;
  public readonly qrKeys: secretsmanager.ISecret;

  constructor(scope: Construct, id: string, props: PaymentKeysProps = {}) {
    super(scope, id);
    this.checkReplicas(props);
    this.encryptionKey = props.encryptionKey ?? this.createKey();
    this.paymentIdKey =
      props.paymentIdKey ??
      this.createSecret('PaymentIdKey', 'payment-id-key', 'Key of payment ids; never rotate', props);
    this.qrKeys =
      props.qrKeys ?? this.createSecret('QrKeys', 'qr-keys', 'Key of the authenticity tag in QR codes', props);
  }

  private checkReplicas({ replicaRegions, secretNamePrefix }: PaymentKeysProps): void {
    if (replicaRegions === undefined || replicaRegions.length === 0 || secretNamePrefix !== undefined) return;
    refuse(this, {
      code: 'replica-without-name',
      what: 'replicaRegions has Regions, and the secrets have no names to find their replicas by',
      got: replicaRegions,
      allowed: 'replicaRegions together with secretNamePrefix',
      fix: "set secretNamePrefix, for instance 'payments/production'",
    });
  }

  private createKey(): kms.IKey {
    return new kms.Key(this, 'Key', {
      description: 'Payments: table, secrets and logs',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
      policy: this.keyPolicy(),
    });
  }

  /**
   * IAM policies decide. CloudWatch Logs of this account and Region may use the key (a log group cannot be named, it names the key), and
   * alarms of this account, which write to an encrypted topic.
   */
  private keyPolicy(): iam.PolicyDocument {
    const { partition, region, account } = Stack.of(this);
    return new iam.PolicyDocument({
      minimize: false,
      statements: [
        new iam.PolicyStatement({
          sid: 'Account',
          principals: [new iam.AccountRootPrincipal()],
          actions: ['kms:*'],
          resources: ['*'],
        }),
        new iam.PolicyStatement({
          sid: 'CloudWatchLogs',
          principals: [new iam.ServicePrincipal(`logs.${region}.amazonaws.com`)],
          actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
          resources: ['*'],
          conditions: {
            ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` },
          },
        }),
        new iam.PolicyStatement({
          sid: 'CloudWatchAlarms',
          principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
          actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
          resources: ['*'],
          conditions: { StringEquals: { 'aws:SourceAccount': account } },
        }),
      ],
    });
  }

  /** 44 letters and digits are valid base64 of 33 bytes. CloudFormation makes a new value when the generator changes: never do. */
  private createSecret(id: string, name: string, description: string, props: PaymentKeysProps): secretsmanager.ISecret {
    const secret = new secretsmanager.Secret(this, id, {
      description,
      secretName: props.secretNamePrefix === undefined ? undefined : `${props.secretNamePrefix}/${name}`,
      generateSecretString: { passwordLength: 44, excludePunctuation: true, includeSpace: false },
      encryptionKey: this.encryptionKey,
      replicaRegions: props.replicaRegions?.map((region) => ({ region })),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(ACKNOWLEDGED.SECRET_ROTATION, secret);
    return secret;
  }
}
