/**
 * One Region's half of a failover between two: its health check and its records of the shared name.
 *
 * For teams that deploy each Region from an app or pipeline of its own: the same props stand in both, and the Region of the stack
 * decides which half is made. Nothing here names anything of the other Region but its name.
 */
import { Duration } from 'aws-cdk-lib';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { HealthPath } from './contract';
import { DomainAliasTarget } from './private/alias-target';
import { fullyQualified } from './private/api-domains';
import { checkInteger, checkSameRegion, known, knownRegion, refuse } from './private/validation';
import type { QrPaymentApi } from './qr-payment-api';

/** When a Region counts as lost. */
export interface FailoverOptions {
  /**
   * Time between two requests of one health checker: 10 or 30 seconds. There are about 16 checkers.
   *
   * @default Duration.seconds(10)
   */
  readonly requestInterval?: Duration;

  /**
   * Answers in a row that change a checker's mind.
   *
   * @default 3
   */
  readonly failureThreshold?: number;
}

/** The API of this Region, and the names of both Regions. */
export interface RegionalFailoverRecordsProps extends FailoverOptions {
  /** The API of this Region, with `sharedDomainName` and `regionalDomainName`. */
  readonly api: QrPaymentApi;

  /** Region that serves while it can. */
  readonly primaryRegion: string;

  /** Region that serves while the primary cannot. */
  readonly standbyRegion: string;
}

const HTTPS_PORT = 443;
const REQUEST_INTERVALS_SECONDS = [10, 30];
const DEFAULT_FAILURE_THRESHOLD = 3;

/** Health check and failover records of one Region. */
export class RegionalFailoverRecords extends Construct {
  /** Asks this Region, under its own name, whether it may take payments. */
  public readonly healthCheck: route53.HealthCheck;

  constructor(scope: Construct, id: string, props: RegionalFailoverRecordsProps) {
    super(scope, id);
    const failover = this.role(props);
    const { sharedDomain, sharedDomainName, regionalDomainName, hostedZone } = props.api;
    if (!sharedDomain || !sharedDomainName || !regionalDomainName || !hostedZone) this.refuseNameless(props);

    this.healthCheck = this.createHealthCheck(regionalDomainName, props);
    const record = {
      zone: hostedZone,
      recordName: fullyQualified(sharedDomainName),
      target: route53.RecordTarget.fromAlias(new DomainAliasTarget(sharedDomain)),
      setIdentifier: failover === route53.Failover.PRIMARY ? props.primaryRegion : props.standbyRegion,
      failover,
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

  /** Of the Region's own name: the shared one would be asked wherever it points. */
  private createHealthCheck(fqdn: string, { requestInterval, failureThreshold }: FailoverOptions): route53.HealthCheck {
    const interval = requestInterval ?? Duration.seconds(REQUEST_INTERVALS_SECONDS[0]!);
    this.checkRequestInterval(interval);
    if (failureThreshold !== undefined)
      checkInteger(this, failureThreshold, { prop: 'failureThreshold', min: 1, max: 10 });
    return new route53.HealthCheck(this, 'HealthCheck', {
      type: route53.HealthCheckType.HTTPS,
      fqdn,
      port: HTTPS_PORT,
      resourcePath: HealthPath.REGION,
      enableSNI: true,
      requestInterval: interval,
      failureThreshold: failureThreshold ?? DEFAULT_FAILURE_THRESHOLD,
    });
  }

  private checkRequestInterval(interval: Duration): void {
    if (known(interval) === undefined || REQUEST_INTERVALS_SECONDS.includes(interval.toSeconds())) return;
    refuse(this, {
      code: 'request-interval',
      what: 'requestInterval is none that Route 53 has',
      got: `${interval.toSeconds()} seconds`,
      allowed: REQUEST_INTERVALS_SECONDS.map((seconds) => `${seconds} seconds`).join(' or '),
      fix: 'set it to one of them',
    });
  }
}
