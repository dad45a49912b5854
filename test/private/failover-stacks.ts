/** Two Regions with replicas of one table, as the tests of failover need them. */
import { App, Stack } from 'aws-cdk-lib';
import {
  FailoverSwitch,
  type PaymentProcessingServiceProps,
  PaymentStore,
  type QrPaymentApi,
  type QrPaymentApiProps,
  TableConsistency,
} from '../../src';
import { ACCOUNT, apiIn, namesIn, PRIMARY, regionalApi, regionalStack, STANDBY, serviceIn } from './stacks';

export const SHARED_NAME = 'pay.example.com';

export interface Regions {
  readonly app: App;
  readonly primary: QrPaymentApi;
  readonly standby: QrPaymentApi;
}

/** Each with a table of its own. */
export function separateRegions(): Regions {
  const app = new App();
  return { app, primary: regionalApi(app, PRIMARY), standby: regionalApi(app, STANDBY) };
}

export interface SharedOptions {
  readonly consistency?: TableConsistency;
  readonly primary?: Partial<PaymentProcessingServiceProps>;
  readonly standby?: Partial<PaymentProcessingServiceProps>;
  readonly standbyNames?: Partial<QrPaymentApiProps>;
}

export interface SharedRegions extends Regions {
  readonly failoverSwitch: FailoverSwitch;
}

/** With one table, and the switch in a stack of the standby's Region that can be deployed first. */
export function sharedRegions(options: SharedOptions = {}): SharedRegions {
  const { consistency = TableConsistency.STRONG } = options;
  const app = new App();
  const foundation = new Stack(app, 'Foundation', { env: { region: STANDBY } });
  const api = (region: string, props: Partial<PaymentProcessingServiceProps> = {}, names = {}) => {
    const stack = regionalStack(app, region);
    const paymentStore = region === PRIMARY ? ownedTable(consistency) : replicaOfTable(consistency);
    return apiIn(stack, { service: serviceIn(stack, { paymentStore, ...props }), ...namesIn(stack, region), ...names });
  };
  return {
    app,
    failoverSwitch: new FailoverSwitch(foundation, 'Switch', { sharedDomainName: SHARED_NAME }),
    primary: api(PRIMARY, options.primary),
    standby: api(STANDBY, options.standby, options.standbyNames),
  };
}

export function ownedTable(consistency: TableConsistency, tableName = 'payments'): PaymentStore {
  return PaymentStore.dynamoDb({
    tableName,
    consistency,
    replicas: [{ region: STANDBY, encryptionKeyArn: `arn:aws:kms:${STANDBY}:${ACCOUNT}:alias/payments` }],
    ...(consistency === TableConsistency.STRONG && { witnessRegion: 'us-east-2' }),
  });
}

export function replicaOfTable(consistency: TableConsistency, tableName = 'payments'): PaymentStore {
  return PaymentStore.replicaOf({ tableName, ownerRegion: PRIMARY, consistency });
}
