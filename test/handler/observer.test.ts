/** Who hears of what: people of what waits for them, by the payment's name, and nobody of anything else. */
import { Metrics } from '../../src/handler/adapters/metrics/metrics';
import type { PaymentEvent } from '../../src/handler/domain/events';
import { append, newPayment } from '../../src/handler/domain/payment';
import type { Logger } from '../../src/handler/logger';
import { createObserver } from '../../src/handler/observer';
import { readEmbeddedMetrics } from './adapters/metrics/embedded-format-schema';

const at = '2026-11-22T11:00:00.000Z';
const facts = {
  ...{ id: 'pay_1', merchantId: 'm_1', amount: { currency: 'SGD', value: 100 }, reference: 'r', scheme: 'emv' },
  ...{ captureMethod: 'automatic' as const, createdAt: at, expiresAt: at, qrPayload: 'q', requestHash: 'h' },
};
const begun: PaymentEvent = {
  ...{ type: 'operation_pending', at, by: 'm_1', op: 'sale.1', amount: 100, key: 'k', requestHash: 'h' },
};
const ended = (type: 'operation_unknown' | 'operation_declined' | 'operation_late', code?: string): PaymentEvent => ({
  ...{ type, at, by: 'm_1', op: 'sale.1' },
  ...(code !== undefined && { code }),
});

function listen(metrics?: Metrics) {
  const told: unknown[] = [];
  const tell = (...words: unknown[]) => void told.push(words);
  const logger: Logger = { request: tell, info: tell, warn: tell, error: tell, metrics: tell, flush: tell };
  return { told, observer: createObserver(logger, metrics) };
}

const payment = (...events: PaymentEvent[]) =>
  events.reduce((made, event) => append(made, event), newPayment(facts, 'm_1', 'r'));

test.each<[string, PaymentEvent[], string[]]>([
  ['a new payment', [], []],
  ['one that is unknown', [begun, ended('operation_unknown')], []],
  [
    'one that needs reconciliation',
    [begun, ended('operation_unknown', 'needs-reconciliation')],
    ['needs reconciliation'],
  ],
  ['one that was approved late', [begun, ended('operation_declined'), ended('operation_late')], ['approved late']],
])('%s', (_, events, notices) => {
  const { told, observer } = listen();
  observer.changed(payment(...events));
  observer.replayed();
  observer.swept?.(0);
  expect(told).toEqual(notices.map((notice) => [notice, { paymentId: 'pay_1' }]));
});

test('and the metrics of all of it', () => {
  const metrics = new Metrics('s', { now: () => new Date(at) });
  const { observer } = listen(metrics);
  observer.changed(payment());
  observer.replayed();
  observer.swept?.(3, at);
  expect(readEmbeddedMetrics(metrics.take()[0]).values).toMatchObject({
    ...{ PaymentsCreated: [1], Replays: [1], OperationsUnresolved: [3] },
  });
});
