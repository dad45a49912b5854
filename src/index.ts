/** The public API of the package, on one screen. */
export { AllowFrom } from './allow-from';
export { ApiAuthorization, type NoAuthorizationProps } from './api-authorization';
export { ApiScope } from './api-scope';
export { Connector, type HttpConnectorProps } from './connector';
export { MultiRegionFailover, type MultiRegionFailoverProps } from './multi-region-failover';
export { type IPaymentKeys, PaymentKeys, type PaymentKeysProps } from './payment-keys';
export {
  type IPaymentProcessingService,
  LogLevel,
  PaymentProcessingService,
  type PaymentProcessingServiceProps,
} from './payment-processing-service';
export {
  type DynamoDbStoreProps,
  type ExistingTableProps,
  PaymentStore,
  type PaymentStoreBindOptions,
  type PaymentStoreConfig,
} from './payment-store';
export { AccountLogging, QrPaymentApi, type QrPaymentApiProps } from './qr-payment-api';
export {
  type FailoverOptions,
  RegionalFailoverRecords,
  type RegionalFailoverRecordsProps,
} from './regional-failover-records';
