/**
 * What happens to payments, told to whoever wants to know: the table's stream, through a pipe, to an EventBridge bus. One event for
 * each change of state, at least once, with an id that stays the same when it comes again. What it looks like is in `docs/events.md`.
 */
import { Duration, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as pipes from 'aws-cdk-lib/aws-pipes';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { PaymentProcessingService } from './payment-processing-service';
import { ACKNOWLEDGED, acknowledge } from './private/acknowledged-rules';
import { EVENT_DETAIL_TYPE, EVENT_SOURCE, eventFilter, eventTemplate } from './private/event-schema';
import { refuse } from './private/validation';

/** Whose payments, and where their events go. */
export interface PaymentEventsProps {
  /** The service whose table is listened to. Each Region tells what happened in it, and nothing else. */
  readonly service: PaymentProcessingService;

  /**
   * Bus that gets the events.
   *
   * @default - one is made
   */
  readonly eventBus?: events.IEventBus;
}

/** Two weeks, the most that SQS keeps. */
const DEAD_LETTER_RETENTION = Duration.days(14);
/** DynamoDB keeps a stream for a day. */
const RETRY_AGE = Duration.hours(23);
const BATCH_SIZE = 10;

/** A pipe from a service's table to an event bus. */
export class PaymentEvents extends Construct {
  /** Where the events are. */
  public readonly eventBus: events.IEventBus;
  /** Where the pipe notes what it could not deliver: positions in the stream, no data of payments. */
  public readonly deadLetterQueue: sqs.Queue;
  /** The pipe itself. */
  public readonly pipe: pipes.CfnPipe;

  constructor(scope: Construct, id: string, props: PaymentEventsProps) {
    super(scope, id);
    this.eventBus = props.eventBus ?? new events.EventBus(this, 'Bus', { description: 'Payments' });
    this.deadLetterQueue = new sqs.Queue(this, 'DeadLetters', {
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: DEAD_LETTER_RETENTION,
    });
    acknowledge(ACKNOWLEDGED.DEAD_LETTERS, this.deadLetterQueue);
    this.pipe = this.createPipe(props.service);
  }

  /** A rule for changes of payments. Its pattern may be narrowed to some, for instance by `detail.status`. */
  public onStateChange(id: string, options: events.OnEventOptions = {}): events.Rule {
    const rule = new events.Rule(this, id, {
      ...options,
      eventBus: this.eventBus,
      eventPattern: { ...options.eventPattern, source: [EVENT_SOURCE], detailType: [EVENT_DETAIL_TYPE] },
    });
    if (options.target !== undefined) rule.addTarget(options.target);
    return rule;
  }

  private createPipe(service: PaymentProcessingService): pipes.CfnPipe {
    const { tableStreamArn } = service.table;
    if (tableStreamArn === undefined) {
      refuse(this, {
        code: 'table-without-stream',
        what: 'service has a table whose stream is not known',
        got: service.table.node.path,
        allowed: 'a table with a stream of new and old images',
        fix: 'import the table with its tableStreamArn, or let PaymentStore.dynamoDb() make it',
      });
    }
    const { role, policy } = this.createRole(tableStreamArn, service.table.encryptionKey ?? service.keys.encryptionKey);
    const pipe = new pipes.CfnPipe(this, 'Pipe', {
      description: 'Changes of payments',
      roleArn: role.roleArn,
      source: tableStreamArn,
      sourceParameters: {
        dynamoDbStreamParameters: {
          startingPosition: 'LATEST',
          batchSize: BATCH_SIZE,
          maximumRecordAgeInSeconds: RETRY_AGE.toSeconds(),
          onPartialBatchItemFailure: 'AUTOMATIC_BISECT',
          deadLetterConfig: { arn: this.deadLetterQueue.queueArn },
        },
        filterCriteria: { filters: [{ pattern: eventFilter(Stack.of(this)) }] },
      },
      target: this.eventBus.eventBusArn,
      targetParameters: {
        inputTemplate: eventTemplate(),
        eventBridgeEventBusParameters: { source: EVENT_SOURCE, detailType: EVENT_DETAIL_TYPE },
      },
    });
    pipe.node.addDependency(policy); // it looks at once whether it may
    return pipe;
  }

  private createRole(tableStreamArn: string, key: kms.IKey): { role: iam.Role; policy: iam.Policy } {
    const { account, region } = Stack.of(this);
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('pipes.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
      description: 'What the pipe of payment events may do',
    });
    const policy = new iam.Policy(this, 'Policy', {
      roles: [role],
      statements: [
        new iam.PolicyStatement({
          sid: 'Stream',
          actions: [
            'dynamodb:DescribeStream',
            'dynamodb:GetRecords',
            'dynamodb:GetShardIterator',
            'dynamodb:ListStreams',
          ],
          resources: [tableStreamArn],
        }),
        new iam.PolicyStatement({
          sid: 'StreamKey',
          actions: ['kms:Decrypt'],
          resources: [key.keyArn],
          conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${region}.amazonaws.com` } },
        }),
        new iam.PolicyStatement({ sid: 'Bus', actions: ['events:PutEvents'], resources: [this.eventBus.eventBusArn] }),
        new iam.PolicyStatement({
          sid: 'DeadLetters',
          actions: ['sqs:SendMessage'],
          resources: [this.deadLetterQueue.queueArn],
        }),
      ],
    });
    acknowledge(ACKNOWLEDGED.INLINE_POLICY, policy);
    return { role, policy };
  }
}
