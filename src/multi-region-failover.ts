/**
 * Failover of the shared name between two Regions' APIs, declared once, over their stacks.
 *
 * It places what each Region needs into that Region's own stack. Between the stacks go plain strings that are known at synth, so
 * that either can be deployed while the other Region is lost.
 */
import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { FailoverMode } from './failover-mode';
import { FailoverSwitch } from './failover-switch';
import { FailoverWatch } from './failover-watch';
import { checkPair, sharesTable } from './private/failover-pair';
import { knownRegion, refuse } from './private/validation';
import type { QrPaymentApi } from './qr-payment-api';
import { type FailoverOptions, RegionalFailoverRecords } from './regional-failover-records';

/** The two Regions' APIs. */
export interface MultiRegionFailoverProps extends FailoverOptions {
  /** The API of the Region that serves while it can. */
  readonly primary: QrPaymentApi;

  /** The API of the Region that serves while the primary does not. */
  readonly standby: QrPaymentApi;

  /**
   * The operator's switch, made in a stack of the standby's Region that is deployed before the primary's service: its foundation stack.
   *
   * @default - one is made in the stack of `standby`, unless `mode` has a routing control. With replicas it must be given: the standby's
   * service waits for the primary's table, and the primary's health check for the switch
   */
  readonly failoverSwitch?: FailoverSwitch;

  /**
   * Stack in us-east-1 that takes an alarm for each Region, of what Route 53 sees of it: its metrics are in that Region only.
   *
   * @default - none; each Region's own alarms, those of PaymentMonitoring, are all there are
   */
  readonly globalStack?: Stack;
}

/** Records, health checks and switch of two Regions. Its scope is an App or a Stage. */
export class MultiRegionFailover extends Construct {
  /** Made in the primary's stack. */
  public readonly primaryRecords: RegionalFailoverRecords;
  /** Made in the standby's stack. */
  public readonly standbyRecords: RegionalFailoverRecords;
  /** The operator's switch; none beside a routing control. */
  public readonly failoverSwitch?: FailoverSwitch;
  /** Alarms of what Route 53 sees, where there is a stack for them. */
  public readonly watch?: FailoverWatch;

  constructor(scope: Construct, id: string, props: MultiRegionFailoverProps) {
    super(scope, id);
    this.checkScope();
    const primaryRegion = this.regionOf('primary', props.primary);
    const standbyRegion = this.regionOf('standby', props.standby);
    checkPair(this, props);

    const { mode = FailoverMode.manual() } = props;
    const shared = { primaryRegion, standbyRegion, mode };
    this.primaryRecords = new RegionalFailoverRecords(props.primary, 'Failover', { ...shared, api: props.primary });
    this.standbyRecords = new RegionalFailoverRecords(props.standby, 'Failover', { ...shared, api: props.standby });
    this.failoverSwitch = this.switchOf(mode, props);
    if (props.globalStack !== undefined) this.watch = this.createWatch(props.globalStack, props);
  }

  private switchOf(mode: FailoverMode, props: MultiRegionFailoverProps): FailoverSwitch | undefined {
    const { failoverSwitch, standby } = props;
    if (mode._routingControlArn !== undefined) {
      if (failoverSwitch !== undefined) this.refuseTwoSwitches(failoverSwitch);
      return undefined;
    }
    if (failoverSwitch !== undefined) {
      this.checkSwitch(failoverSwitch, standby);
      return failoverSwitch;
    }
    if (sharesTable(props)) this.refuseLateSwitch(standby);
    return new FailoverSwitch(standby, 'FailoverSwitch', { sharedDomainName: standby.sharedDomainName ?? '' });
  }

  private createWatch(stack: Stack, { primary, standby }: MultiRegionFailoverProps): FailoverWatch {
    const names = [primary, standby].map((api) => [knownRegion(api) ?? '', api.regionalDomainName ?? ''] as const);
    return new FailoverWatch(stack, `${this.node.id}Watch`, { regionalDomainNames: Object.fromEntries(names) });
  }

  private checkScope(): void {
    const stack = this.node.scopes.find((scope) => Stack.isStack(scope));
    if (stack === undefined) return;
    refuse(this, {
      code: 'failover-scope',
      what: 'MultiRegionFailover stands in a stack, which is of one Region',
      got: stack.node.path,
      allowed: 'an App or a Stage as scope',
      fix: "write new MultiRegionFailover(app, ...), or RegionalFailoverRecords in each Region's stack",
    });
  }

  private regionOf(prop: string, api: QrPaymentApi): string {
    const region = knownRegion(api);
    if (region !== undefined) return region;
    refuse(this, {
      code: 'region-agnostic-stack',
      what: `the stack of ${prop} has no Region`,
      got: Stack.of(api).node.path,
      allowed: 'a stack whose Region is known at synth',
      fix: "give the stack its Region: env: { region: 'us-east-1' }",
    });
  }

  private checkSwitch({ region, sharedDomainName }: FailoverSwitch, standby: QrPaymentApi): void {
    const needed = { region: knownRegion(standby), sharedDomainName: standby.sharedDomainName };
    if (region === needed.region && sharedDomainName === needed.sharedDomainName) return;
    refuse(this, {
      code: 'other-switch',
      what: 'failoverSwitch is of another Region or name than standby',
      got: { region, sharedDomainName },
      allowed: JSON.stringify(needed),
      fix: "make it in a stack of the standby's Region, with the sharedDomainName of the APIs",
    });
  }

  private refuseTwoSwitches({ node }: FailoverSwitch): never {
    refuse(this, {
      code: 'two-switches',
      what: 'mode has a routing control, and failoverSwitch is set beside it',
      got: node.path,
      allowed: 'one of them: the record goes by one',
      fix: 'leave failoverSwitch or routingControlArn out',
    });
  }

  private refuseLateSwitch(standby: QrPaymentApi): never {
    refuse(this, {
      code: 'switch-order',
      what: 'failoverSwitch is missing, and the Regions share a table',
      got: undefined,
      allowed:
        "a switch that can be deployed before both services: the primary's health check needs it, and the standby's service needs the primary's table",
      fix: `write new FailoverSwitch(foundationStack, 'Switch', { sharedDomainName: '${standby.sharedDomainName}' }) in a stack of ${knownRegion(standby)}, and set failoverSwitch to it`,
    });
  }
}
