/** The web application firewall in front of the API: a choice object. */
import { known, refuse } from './private/validation';

/** How the firewall is made. */
export interface ManagedWebAclProps {
  /**
   * Requests that one address may send in five minutes. Merchants' servers often share one: think of the largest.
   *
   * @default 100000
   */
  readonly rateLimitPerAddress?: number;
}

const DEFAULT_RATE = 100_000;
/** What WAF takes. */
const RATE_MIN = 10;
const RATE_MAX = 2_000_000_000;

/** What stands between callers and the API. */
export class WebAcl {
  /**
   * Made here: requests that carry the headers that only the gateway may set are blocked, then AWS's managed rules (common, known
   * bad inputs, IP reputation) and a rate for each address. What was blocked or counted is logged.
   */
  public static managed(props: ManagedWebAclProps = {}): WebAcl {
    const rate = props.rateLimitPerAddress ?? DEFAULT_RATE;
    if (known(rate) !== undefined && !(Number.isInteger(rate) && rate >= RATE_MIN && rate <= RATE_MAX)) {
      refuse('WebAcl.managed', {
        code: 'number-out-of-range',
        what: 'rateLimitPerAddress is not a whole number in range',
        got: rate,
        allowed: `${RATE_MIN} to ${RATE_MAX}`,
        fix: 'set rateLimitPerAddress within that range or leave it out',
      });
    }
    return new WebAcl(rate);
  }

  /**
   * A regional web ACL that exists, for instance of a firewall team. It must let `/health/region` through, or Route 53 finds the Region dead.
   *
   * @param webAclArn of WAFv2, in the API's Region
   */
  public static fromArn(webAclArn: string): WebAcl {
    const arn = known(webAclArn);
    if (arn !== undefined && !/^arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/.+$/.test(arn)) {
      refuse('WebAcl.fromArn', {
        code: 'web-acl-arn',
        what: 'webAclArn is no regional web ACL of WAFv2',
        got: arn,
        allowed: 'arn:aws:wafv2:<region>:<account>:regional/webacl/<name>/<id>',
        fix: "take the ARN of a web ACL of the scope REGIONAL in the API's Region",
      });
    }
    return new WebAcl(undefined, webAclArn);
  }

  /** None: what the managed rules stop reaches authorization and validation. */
  public static none(): WebAcl {
    return new WebAcl();
  }

  private constructor(
    /** @internal */
    public readonly _rateLimitPerAddress?: number,
    /** @internal */
    public readonly _arn?: string,
  ) {}
}
