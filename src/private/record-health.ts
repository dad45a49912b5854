/**
 * What decides over one of the two failover records.
 *
 * Manual: over the primary's the switch and nothing else, over the standby's nothing. Automatic: over each the Region's own word, and over
 * the primary's the switch as well.
 */
import { Duration } from 'aws-cdk-lib';
import * as route53 from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { HealthPath } from '../contract';
import type { AutomaticFailoverProps, FailoverMode } from '../failover-mode';
import { switchAlarm } from './region-switch';
import { checkInteger, known, refuse } from './validation';

export interface RecordHealthProps {
  readonly mode: FailoverMode;
  readonly role: route53.Failover;
  readonly sharedDomainName: string;
  readonly regionalDomainName: string;
  readonly standbyRegion: string;
}

const HTTPS_PORT = 443;
const REQUEST_INTERVALS_SECONDS = [10, 30];
const DEFAULT_FAILURE_THRESHOLD = 3;
/** Five minutes, the most that Route 53 has: a Region that was away for longer is believed that much later. */
const SLOW = { requestInterval: Duration.seconds(30), failureThreshold: 10 };

export function recordHealthCheck(scope: Construct, props: RecordHealthProps): route53.HealthCheck | undefined {
  const { mode, role, regionalDomainName } = props;
  const isPrimary = role === route53.Failover.PRIMARY;
  if (mode._automatic === undefined) return isPrimary ? manualCheck(scope, props) : undefined;

  const quick = regionCheck(scope, 'HealthCheck', regionalDomainName, mode._automatic);
  if (!isPrimary) return quick;
  const slow = regionCheck(scope, 'SlowHealthCheck', regionalDomainName, SLOW);
  const childHealthChecks = [quick, slow, switchCheck(scope, props)];
  return new route53.HealthCheck(scope, 'Decision', {
    type: route53.HealthCheckType.CALCULATED,
    childHealthChecks,
    healthThreshold: childHealthChecks.length,
  });
}

/** Of the Region's own name: the shared one would be asked wherever it points. */
export function regionCheck(
  scope: Construct,
  id: string,
  fqdn: string,
  { requestInterval, failureThreshold }: AutomaticFailoverProps,
): route53.HealthCheck {
  const interval = requestInterval ?? Duration.seconds(REQUEST_INTERVALS_SECONDS[0]!);
  checkRequestInterval(scope, interval);
  if (failureThreshold !== undefined)
    checkInteger(scope, failureThreshold, { prop: 'failureThreshold', min: 1, max: 10 });
  return new route53.HealthCheck(scope, id, {
    type: route53.HealthCheckType.HTTPS,
    fqdn,
    port: HTTPS_PORT,
    resourcePath: HealthPath.REGION,
    enableSNI: true,
    requestInterval: interval,
    failureThreshold: failureThreshold ?? DEFAULT_FAILURE_THRESHOLD,
  });
}

function manualCheck(scope: Construct, props: RecordHealthProps): route53.HealthCheck {
  const { _routingControlArn: routingControl } = props.mode;
  if (routingControl === undefined) return switchCheck(scope, props);
  return new route53.HealthCheck(scope, 'RoutingControl', {
    type: route53.HealthCheckType.RECOVERY_CONTROL,
    routingControl,
  });
}

function switchCheck(scope: Construct, { sharedDomainName, standbyRegion }: RecordHealthProps): route53.HealthCheck {
  return new route53.HealthCheck(scope, 'Switch', {
    type: route53.HealthCheckType.CLOUDWATCH_METRIC,
    alarmIdentifier: switchAlarm(sharedDomainName, standbyRegion),
    // Between two switches there is no data at all.
    insufficientDataHealthStatus: route53.InsufficientDataHealthStatusEnum.LAST_KNOWN_STATUS,
  });
}

function checkRequestInterval(where: Construct, interval: Duration): void {
  if (known(interval) === undefined || REQUEST_INTERVALS_SECONDS.includes(interval.toSeconds())) return;
  refuse(where, {
    code: 'request-interval',
    what: 'requestInterval is none that Route 53 has',
    got: `${interval.toSeconds()} seconds`,
    allowed: REQUEST_INTERVALS_SECONDS.map((seconds) => `${seconds} seconds`).join(' or '),
    fix: 'set it to one of them',
  });
}
