/** What is watched, and from when on it is too much. */
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { PaymentEvents } from './payment-events';
import type { PaymentProcessingService } from './payment-processing-service';
import type { QrPaymentApi } from './qr-payment-api';

/** Bounds of the alarms that depend on your bank and your traffic. */
export interface AlarmThresholds {
  /**
   * Milliseconds that one answer in a hundred may take, the bank's time included.
   *
   * @default 5000
   */
  readonly latencyMs?: number;

  /**
   * Answers of a hundred that may say that something is wrong inside.
   *
   * @default 1
   */
  readonly serverErrorPercent?: number;

  /**
   * Calls of a hundred that the bank may leave without an answer that can be believed, or that may not reach it.
   *
   * @default 5
   */
  readonly connectorUnknownPercent?: number;

  /**
   * Payments of a hundred that the bank may decline.
   *
   * @default 50
   */
  readonly declinedPercent?: number;

  /**
   * Seconds that an operation may be without an outcome. The sweep needs up to 30 once the bank answers again.
   *
   * @default 120
   */
  readonly unresolvedSeconds?: number;
}

/** What is watched, and who is told. */
export interface PaymentMonitoringProps {
  /** The service. */
  readonly service: PaymentProcessingService;

  /**
   * The API in front of it.
   *
   * @default - not watched
   */
  readonly api?: QrPaymentApi;

  /**
   * Its events.
   *
   * @default - not watched
   */
  readonly events?: PaymentEvents;

  /**
   * Topic that alarms go to, and that hears when they are over.
   *
   * @default - one is made, encrypted with the key of the service; subscribe to it
   */
  readonly alarmTopic?: sns.ITopic;

  /**
   * Bounds of the alarms that depend on your bank and your traffic.
   *
   * @default - those of each
   */
  readonly thresholds?: AlarmThresholds;
}
