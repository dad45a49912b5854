/** The pipe of events: what it takes from the stream, what it makes of it, and what it may do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { marshall } from '@aws-sdk/util-dynamodb';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { PaymentEvents, PaymentStore } from '../src';
import { toItem } from '../src/handler/adapters/stored-payment';
import { append, appendRefusal, type Payment } from '../src/handler/domain/payment';
import { EVENT_DETAIL, EVENT_DETAIL_TYPE, EVENT_SOURCE, eventTemplate } from '../src/private/event-schema';
import { created } from './handler/adapters/sample-payments';
import { PRIMARY, regionalStack, STANDBY, serviceIn } from './private/stacks';

function eventsIn(props: Partial<ConstructorParameters<typeof PaymentEvents>[2]> = {}) {
  const stack = regionalStack(new App(), PRIMARY);
  const made = new PaymentEvents(stack, 'Events', { service: serviceIn(stack), ...props });
  return { stack, made, template: () => Template.fromStack(stack) };
}

const [pipe] = Object.values(eventsIn().template().findResources('AWS::Pipes::Pipe'));
const { SourceParameters, TargetParameters } = pipe!.Properties;

/** EventBridge's patterns, as far as this filter goes: lists of values, at any depth. */
function matches(pattern: unknown, value: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.includes(value);
  return Object.entries(pattern as object).every(
    ([name, inner]) =>
      typeof value === 'object' &&
      value !== null &&
      name in value &&
      matches(inner, (value as Record<string, unknown>)[name]),
  );
}

/** What the pipe makes of a write: nothing, or the detail of an event. */
function detailOf(payment: Payment, region = PRIMARY): Record<string, string> | undefined {
  const NewImage = marshall(JSON.parse(JSON.stringify(toItem(payment, region))));
  const record = { eventName: 'MODIFY', dynamodb: { NewImage } };
  if (!matches(JSON.parse(SourceParameters.FilterCriteria.Filters[0].Pattern), record)) return undefined;
  const filled = TargetParameters.InputTemplate.replaceAll(/<\$\.([^>]+)>/g, (_: string, path: string) => {
    const found = path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], record);
    if (typeof found !== 'string') throw new Error(`nothing at ${path}`);
    return found;
  });
  return JSON.parse(filled);
}

test('a payment that is made is an event', () => {
  const payment = created();

  expect(detailOf(payment)).toEqual({
    id: `${payment.facts.id}.1`,
    type: 'created',
    region: PRIMARY,
    paymentId: payment.facts.id,
    merchantId: payment.facts.merchantId,
    status: 'created',
    version: '1',
    currency: payment.facts.amount.currency,
    amount: String(payment.facts.amount.value),
    authorized: '0',
    captured: '0',
    refunded: '0',
  });
});

test('one that expires too; one that is refused something is none', () => {
  const payment = created();
  const expired = append(payment, { type: 'expired', at: payment.facts.expiresAt, by: 'system' });
  const refused = appendRefusal(payment, { key: 'k', requestHash: 'h', requestId: 'r', code: 'c', detail: 'd' });

  expect(detailOf(expired)).toMatchObject({ type: 'expired', status: 'expired', version: '2' });
  expect(detailOf(refused)).toBeUndefined();
});

test("another Region's write is told there, not here", () => {
  expect(detailOf(created(), STANDBY)).toBeUndefined();
});

test('what cannot be delivered is noted, in a queue that takes nothing unencrypted', () => {
  expect(SourceParameters.DynamoDBStreamParameters).toMatchObject({
    StartingPosition: 'LATEST',
    OnPartialBatchItemFailure: 'AUTOMATIC_BISECT',
    DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/^EventsDeadLetters/), 'Arn'] } },
  });
  expect(SourceParameters.DynamoDBStreamParameters.MaximumRecordAgeInSeconds).toBeLessThan(86_400);
  const template = eventsIn().template();
  template.hasResourceProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
  template.hasResourceProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: {
      Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
    },
  });
});

test('the pipe may read this stream, decrypt it, and put events on this bus: no more', () => {
  const policies = eventsIn()
    .template()
    .findResources('AWS::IAM::Policy', {
      Properties: { Roles: [{ Ref: Match.stringLikeRegexp('^EventsRole') }] },
    });
  const [policy] = Object.values(policies);

  expect(
    policy!.Properties.PolicyDocument.Statement.map(({ Sid, Resource }: Record<string, unknown>) => [Sid, Resource]),
  ).toEqual([
    ['Stream', { 'Fn::GetAtt': [expect.stringMatching(/^ServiceTable/), 'StreamArn'] }],
    ['StreamKey', { 'Fn::GetAtt': [expect.stringMatching(/^ServiceKeysKey/), 'Arn'] }],
    ['Bus', { 'Fn::GetAtt': [expect.stringMatching(/^EventsBus/), 'Arn'] }],
    ['DeadLetters', { 'Fn::GetAtt': [expect.stringMatching(/^EventsDeadLetters/), 'Arn'] }],
  ]);
});

test('a bus can be given', () => {
  const stack = regionalStack(new App(), PRIMARY);
  const eventBus = new EventBus(stack, 'Mine');
  new PaymentEvents(stack, 'Events', { service: serviceIn(stack), eventBus });

  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::Events::EventBus', 1);
  template.hasResourceProperties('AWS::Pipes::Pipe', {
    Target: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Mine'), 'Arn'] },
  });
});

test('a rule hears of some changes', () => {
  const { stack, made, template } = eventsIn();
  made.onStateChange('Captured', {
    eventPattern: { detail: { status: ['captured'] } },
    target: new SqsQueue(new Queue(stack, 'Queue')),
  });

  template().hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { source: [EVENT_SOURCE], 'detail-type': [EVENT_DETAIL_TYPE], detail: { status: ['captured'] } },
    Targets: [Match.objectLike({})],
  });
});

test('a table without a stream is refused', () => {
  const stack = regionalStack(new App(), PRIMARY);
  const service = serviceIn(stack, { paymentStore: PaymentStore.fromTable(TableV2.fromTableName(stack, 'T', 'pay')) });

  expect(() => new PaymentEvents(stack, 'Events', { service })).toThrow(/tableStreamArn.*\[table-without-stream\]/);
});

test('the documents say what is sent', () => {
  const text = readFileSync(join(__dirname, '..', 'docs', 'events.md'), 'utf8');

  for (const name of Object.keys(EVENT_DETAIL)) expect(text).toContain(`\`detail.${name}\``);
  expect(text).toContain(`\`${EVENT_SOURCE}\``);
  expect(text).toContain(`\`${EVENT_DETAIL_TYPE}\``);
  expect(Object.keys(JSON.parse(eventTemplate()))).toEqual(Object.keys(EVENT_DETAIL));
});
