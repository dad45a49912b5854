/** The public API of the package, on one screen. */
export { AllowFrom } from './allow-from';
export {
  ApiAuthorization,
  type CognitoAuthorizationProps,
  type LambdaAuthorizationProps,
  type MutualTlsAuthorizationProps,
  type NoAuthorizationProps,
} from './api-authorization';
export { ApiScope } from './api-scope';
export { Connector } from './connector';
export type { ConnectorRoute, HttpConnectorProps, RoutedConnectorProps } from './connector-props';
export { Egress, type NatGatewaysProps } from './egress';
export { type AutomaticFailoverProps, FailoverMode, type ManualFailoverProps } from './failover-mode';
export { FailoverSwitch, type FailoverSwitchProps } from './failover-switch';
export { FailoverWatch, type FailoverWatchProps } from './failover-watch';
export type { MerchantLocalNameProps, MerchantProfileProps } from './merchant-profile';
export { MultiRegionFailover, type MultiRegionFailoverProps } from './multi-region-failover';
export { PaymentEvents, type PaymentEventsProps } from './payment-events';
export { type IPaymentKeys, PaymentKeys, type PaymentKeysProps } from './payment-keys';
export { PaymentMonitoring } from './payment-monitoring';
export type { AlarmThresholds, PaymentMonitoringProps } from './payment-monitoring-props';
export { PaymentProcessingService } from './payment-processing-service';
export {
  type IPaymentProcessingService,
  LogLevel,
  type PaymentProcessingServiceProps,
  type ScheduledTaskCount,
} from './payment-processing-service-props';
export { type AccountQuota, PaymentQuotas } from './payment-quotas';
export { PaymentStore, type PaymentStoreBindOptions, type PaymentStoreConfig } from './payment-store';
export {
  type DynamoDbStoreProps,
  type ExistingTableProps,
  type ReplicaStoreProps,
  TableConsistency,
  type TableReplica,
} from './payment-store-props';
export { QrPaymentApi } from './qr-payment-api';
export {
  AccountLogging,
  ApiEndpointType,
  type OperationThrottling,
  type QrPaymentApiProps,
} from './qr-payment-api-props';
export { QrScheme } from './qr-scheme';
export type {
  BharatQrAccountProps,
  EaspbvAccountProps,
  EmvAccountProps,
  FpsAccountProps,
  JpqrAccountProps,
  PixAccountProps,
} from './qr-scheme-props';
export type {
  DuitNowAccountProps,
  KhqrAccountProps,
  PayNowAccountProps,
  PromptPayAccountProps,
  QrisAccountProps,
  QrPhAccountProps,
  SgqrAccountProps,
  VietQrAccountProps,
} from './qr-scheme-props-southeast-asia';
export {
  type FailoverOptions,
  RegionalFailoverRecords,
  type RegionalFailoverRecordsProps,
} from './regional-failover-records';
export { type ProductionProfileProps, ServiceProfile } from './service-profile';
export {
  type ExistingCacheProps,
  SessionCache,
  type SessionCacheBindOptions,
  type SessionCacheConfig,
  type ValkeyServerlessProps,
} from './session-cache';
export { type ManagedWebAclProps, WebAcl } from './web-acl';
