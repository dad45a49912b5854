/**
 * How the switch between two Regions is called: names that both sides work out from the shared name, so that nothing else has to go
 * between their stacks.
 */
import type { AlarmIdentifier } from 'aws-cdk-lib/aws-route53';

export const SWITCH_NAMESPACE = 'QrPayments/Failover';
export const SWITCH_METRIC = 'StandbyServes';
export const SWITCH_DIMENSION = 'SharedName';

/** What the operator says. */
export const SwitchValue = { PRIMARY_SERVES: 0, STANDBY_SERVES: 1 } as const;

export function switchAlarmName(sharedDomainName: string): string {
  return `failover-switch-${sharedDomainName}`;
}

export function switchAlarm(sharedDomainName: string, standbyRegion: string): AlarmIdentifier {
  return { name: switchAlarmName(sharedDomainName), region: standbyRegion };
}
