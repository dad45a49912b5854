/** How tasks in a network that is made here reach the bank and AWS: a choice object. */
import { known, refuse } from './private/validation';

/** Which addresses the NAT gateways have. */
export interface NatGatewaysProps {
  /**
   * Allocation ids of Elastic IP addresses, one for each Availability Zone: the addresses that a bank is told to let in.
   *
   * @default - AWS chooses the addresses
   */
  readonly eipAllocationIds?: string[];
}

/** The way out of a network that is made here. */
export class Egress {
  /** Through NAT gateways, to any bank. */
  public static natGateways(props: NatGatewaysProps = {}): Egress {
    const ids = props.eipAllocationIds;
    const malformed = (ids ?? []).filter((id) => known(id) !== undefined && !/^eipalloc-[0-9a-f]{8,17}$/.test(id));
    if (ids !== undefined && (ids.length === 0 || malformed.length > 0)) {
      refuse('Egress.natGateways', {
        code: 'eip-allocation',
        what: `eipAllocationIds ${ids.length === 0 ? 'is empty' : 'has an id that is none'}`,
        got: malformed,
        allowed: 'ids of the form eipalloc-0123456789abcdef0',
        fix: 'name one allocation for each Availability Zone, or leave eipAllocationIds out',
      });
    }
    return new Egress(true, ids);
  }

  /**
   * None: interface endpoints for the AWS services that the tasks use, and no way to the internet. For banks that are reached inside
   * the network, by peering, Transit Gateway or PrivateLink.
   */
  public static vpcEndpoints(): Egress {
    return new Egress(false);
  }

  private constructor(
    /** @internal */
    public readonly _hasNat: boolean,
    /** @internal */
    public readonly _eipAllocationIds?: string[],
  ) {}
}
