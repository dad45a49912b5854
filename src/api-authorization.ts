/** Who may call the API, and how a caller becomes a merchant: a choice object. */
import { known, refuse } from './private/validation';

/** Who callers are where nobody is asked. */
export interface NoAuthorizationProps {
  /** The account that every caller acts as. */
  readonly merchantId: string;
}

/** How the API knows its callers. It decides `x-merchant-id`; the scopes are those of the method that is called. */
export class ApiAuthorization {
  /**
   * Signature Version 4: the caller's AWS account is the merchant. IAM policies decide who may call which operation; setting
   * merchants' profiles is for the API's own account.
   */
  public static iam(): ApiAuthorization {
    return new ApiAuthorization(true, 'context.identity.accountId');
  }

  /** Everybody whom `allowFrom` lets in is the same merchant, with all rights. For sandboxes only. */
  public static none(props: NoAuthorizationProps): ApiAuthorization {
    const merchantId = known(props.merchantId);
    if (merchantId !== undefined && !/^[A-Za-z0-9_.:-]{1,64}$/.test(merchantId)) {
      refuse('ApiAuthorization.none', {
        code: 'merchant-id',
        what: 'merchantId is no name of an account',
        got: merchantId,
        allowed: '1 to 64 letters, digits and _ . : -',
        fix: "for instance 'm_sandbox'",
      });
    }
    return new ApiAuthorization(false, `'${props.merchantId}'`);
  }

  private constructor(
    /**
     * Whether callers sign with Signature Version 4.
     * @internal
     */
    public readonly _isIam: boolean,
    /**
     * Where API Gateway takes the merchant from: the source of a parameter mapping.
     * @internal
     */
    public readonly _merchantIdSource: string,
  ) {}
}
