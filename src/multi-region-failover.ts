/**
 * Failover of the shared name between two Regions' APIs, declared once, over their stacks.
 *
 * It places what each Region needs into that Region's own stack. Between the stacks go plain strings that are known at synth, so
 * that either can be deployed while the other Region is lost.
 */
import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { known, knownRegion, refuse } from './private/validation';
import type { QrPaymentApi } from './qr-payment-api';
import { type FailoverOptions, RegionalFailoverRecords } from './regional-failover-records';

/** The two Regions' APIs. */
export interface MultiRegionFailoverProps extends FailoverOptions {
  /** The API of the Region that serves while it can. */
  readonly primary: QrPaymentApi;

  /** The API of the Region that serves while the primary cannot. */
  readonly standby: QrPaymentApi;
}

/** Records and health checks of two Regions. Its scope is an App or a Stage. */
export class MultiRegionFailover extends Construct {
  /** Made in the primary's stack. */
  public readonly primaryRecords: RegionalFailoverRecords;
  /** Made in the standby's stack. */
  public readonly standbyRecords: RegionalFailoverRecords;

  constructor(scope: Construct, id: string, props: MultiRegionFailoverProps) {
    super(scope, id);
    this.checkScope();
    const primaryRegion = this.regionOf('primary', props.primary);
    const standbyRegion = this.regionOf('standby', props.standby);
    this.checkPair(props);

    const { requestInterval, failureThreshold } = props;
    const shared = { primaryRegion, standbyRegion, requestInterval, failureThreshold };
    this.primaryRecords = new RegionalFailoverRecords(props.primary, 'Failover', { ...shared, api: props.primary });
    this.standbyRecords = new RegionalFailoverRecords(props.standby, 'Failover', { ...shared, api: props.standby });
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

  private checkPair({ primary, standby }: MultiRegionFailoverProps): void {
    const accounts = [primary, standby].map((api) => known(Stack.of(api).account));
    if (accounts[0] !== undefined && accounts[1] !== undefined && accounts[0] !== accounts[1]) {
      refuse(this, {
        code: 'failover-accounts',
        what: 'primary and standby are in different accounts',
        got: accounts,
        allowed: 'one account: table, keys and hosted zone are shared',
        fix: 'deploy both stacks to one account',
      });
    }
    if (primary.sharedDomainName !== standby.sharedDomainName) {
      refuse(this, {
        code: 'shared-names-differ',
        what: 'sharedDomainName of primary and standby differ',
        got: [primary.sharedDomainName, standby.sharedDomainName],
        allowed: 'one name: the records of both decide together where it leads',
        fix: 'set the same sharedDomainName in both',
      });
    }
    if (primary.regionalDomainName === undefined || primary.regionalDomainName !== standby.regionalDomainName) return;
    refuse(this, {
      code: 'regional-names-equal',
      what: 'regionalDomainName of primary and standby are the same',
      got: primary.regionalDomainName,
      allowed: "a name of each Region's own, or its health cannot be asked",
      fix: "name them for instance 'us-east-1.pay.example.com' and 'us-west-2.pay.example.com'",
    });
  }
}
