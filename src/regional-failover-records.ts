/**
 * One Region's half of a failover between two: its records of the shared name, and what decides over them.
 *
 * For teams that deploy each Region from an app or pipeline of its own: the same props stand in both, and the Region of the stack
 * decides which half is made. Nothing here names anything of the other Region but its name.
 */
import * as route53 from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { FailoverMode } from './failover-mode';
import { TableConsistency } from './payment-store-props';
import { DomainAliasTarget } from './private/alias-target';
import { fullyQualified } from './private/api-domains';
import { storeOf } from './private/failover-pair';
import { recordHealthCheck } from './private/record-health';
import { serviceBehind } from './private/service-behind';
import { checkSameRegion, knownRegion, refuse } from './private/validation';
import type { QrPaymentApi } from './qr-payment-api';

/** What both Regions are told. */
export interface FailoverOptions {
  /**
   * Who decides that the standby serves.
   *
   * @default FailoverMode.manual()
   */
  readonly mode?: FailoverMode;
}

/** The API of this Region, and the names of both Regions. */
export interface RegionalFailoverRecordsProps extends FailoverOptions {
  /** The API of this Region, with `sharedDomainName` and `regionalDomainName`. */
  readonly api: QrPaymentApi;

  /** Region that serves while it can. */
  readonly primaryRegion: string;

  /** Region that serves while the primary does not. The FailoverSwitch is there. */
  readonly standbyRegion: string;
}

/** Failover records of one Region. */
export class RegionalFailoverRecords extends Construct {
  /** What decides over the records of this Region; none over those of the standby in a manual failover. */
  public readonly healthCheck?: route53.HealthCheck;

  constructor(scope: Construct, id: string, props: RegionalFailoverRecordsProps) {
    super(scope, id);
    const { mode = FailoverMode.manual(), standbyRegion } = props;
    const role = this.role(props);
    const { sharedDomain, sharedDomainName, regionalDomainName, hostedZone } = props.api;
    if (!sharedDomain || !sharedDomainName || !regionalDomainName || !hostedZone) this.refuseNameless(props);
    if (mode._automatic !== undefined) this.checkStrong(props);

    const names = { sharedDomainName, regionalDomainName, standbyRegion };
    this.healthCheck = recordHealthCheck(this, { mode, role, ...names });
    const record = {
      zone: hostedZone,
      recordName: fullyQualified(sharedDomainName),
      target: route53.RecordTarget.fromAlias(new DomainAliasTarget(sharedDomain)),
      setIdentifier: role === route53.Failover.PRIMARY ? props.primaryRegion : standbyRegion,
      failover: role,
      healthCheck: this.healthCheck,
    };
    new route53.ARecord(this, 'ARecord', record);
    new route53.AaaaRecord(this, 'AaaaRecord', record);
  }

  private role({ api, primaryRegion, standbyRegion }: RegionalFailoverRecordsProps): route53.Failover {
    checkSameRegion(this, 'api', api);
    if (primaryRegion === standbyRegion) {
      refuse(this, {
        code: 'same-region-twice',
        what: 'primaryRegion and standbyRegion are the same',
        got: primaryRegion,
        allowed: 'two Regions',
        fix: 'deploy the standby to another Region',
      });
    }
    const region = knownRegion(this);
    if (region === primaryRegion) return route53.Failover.PRIMARY;
    if (region === standbyRegion) return route53.Failover.SECONDARY;
    refuse(this, {
      code: 'failover-region',
      what: 'the stack is in neither primaryRegion nor standbyRegion',
      got: region ?? 'a stack without a Region',
      allowed: `${primaryRegion} or ${standbyRegion}`,
      fix: `give the stack its Region: env: { region: '${primaryRegion}' }`,
    });
  }

  private refuseNameless({ api }: RegionalFailoverRecordsProps): never {
    refuse(this, {
      code: 'failover-without-names',
      what: 'api has not both names that a failover needs',
      got: { sharedDomainName: api.sharedDomainName, regionalDomainName: api.regionalDomainName },
      allowed: 'a shared name, whose records decide, and a name of its own, which is asked for its health',
      fix: 'set sharedDomainName, regionalDomainName, certificate and hostedZone of the QrPaymentApi',
    });
  }

  /** Route 53 cannot tell a Region that is lost from one that it cannot see. Where both could write, both would. */
  private checkStrong({ api }: RegionalFailoverRecordsProps): void {
    if (serviceBehind(api) === undefined) return;
    const store = storeOf(api);
    if (store?.consistency === TableConsistency.STRONG) return;
    refuse(this, {
      code: 'automatic-without-strong',
      what: 'mode is automatic, and payments are not known to be strongly consistent',
      got: store === undefined ? 'a table of which nothing is known' : (store.consistency ?? 'a table in one Region'),
      allowed: 'TableConsistency.STRONG: otherwise both Regions may capture one payment while neither sees the other',
      fix: 'set mode: FailoverMode.manual(), or use PaymentStore.dynamoDb({ replicas, witnessRegion }) in Regions of one set; say consistency in PaymentStore.fromTable()',
    });
  }
}
