/** Who may call the API, and how a caller becomes a merchant: a choice object. */
import { Duration } from 'aws-cdk-lib';
import type * as cognito from 'aws-cdk-lib/aws-cognito';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { type CallerSource, STATIC_SCOPES } from './private/caller-source';
import { known, refuse } from './private/validation';

/** Who callers are where nobody is asked. */
export interface NoAuthorizationProps {
  /** The account that every caller acts as. */
  readonly merchantId: string;
}

/** The user pool that knows the callers. */
export interface CognitoAuthorizationProps {
  /** Pool whose app clients are the callers: one client a merchant or wallet. Its client id is the account. */
  readonly userPool: cognito.IUserPool;

  /**
   * Identifier of the pool's resource server that has the values of ApiScope as its scopes. The service has to be told the same, by its
   * `scopePrefix`.
   */
  readonly resourceServerIdentifier: string;
}

/** The function that knows the callers. */
export interface LambdaAuthorizationProps {
  /**
   * A request authorizer of API Gateway. Its policy allows or denies, and its context says who calls: `merchantId`, 1 to 64
   * letters, digits and `_ . : -`, and `scopes`, values of ApiScope with spaces between them.
   */
  readonly handler: lambda.IFunction;

  /**
   * Header that callers prove themselves with. A request without it is refused before the function is asked.
   *
   * @default 'Authorization'
   */
  readonly identityHeader?: string;

  /**
   * How long an answer of the function holds for the same value of the header, up to an hour. Its policy must then cover the whole
   * API, and who loses a right keeps it for that long.
   *
   * @default - the function is asked each time
   */
  readonly resultsCacheTtl?: Duration;
}

/** The certificates that callers have, and the function that knows whose they are. */
export interface MutualTlsAuthorizationProps {
  /**
   * A request authorizer of API Gateway, as in `ApiAuthorization.lambdaAuthorizer()`: a certificate has no scopes. It finds the certificate
   * under `requestContext.identity.clientCert`, and is asked each time.
   */
  readonly handler: lambda.IFunction;

  /** Bucket of the trust store: certificates of the authorities that callers' certificates come from, in PEM. */
  readonly truststoreBucket: s3.IBucket;

  /** Key of the trust store in its bucket. */
  readonly truststoreKey: string;

  /**
   * Version of the trust store. API Gateway reads another one only when this changes.
   *
   * @default - the version at the time of the deployment
   */
  readonly truststoreVersion?: string;
}

const MERCHANT_ID = /^[A-Za-z0-9_.:-]{1,64}$/;
const CACHE_HOURS_MAX = 1;

/** How the API knows its callers: it decides `x-merchant-id` and `x-scopes`, whatever the client sent under these names. */
export class ApiAuthorization {
  /**
   * Signature Version 4: the caller's AWS account is the merchant, and the scopes are those of the method that is called. IAM
   * policies decide who may call which operation; setting merchants' profiles is for the API's own account.
   */
  public static iam(): ApiAuthorization {
    return new ApiAuthorization({ kind: 'iam', merchantId: 'context.identity.accountId', scopes: STATIC_SCOPES });
  }

  /** Access tokens of a Cognito user pool: the app client is the merchant or wallet, its token has the scopes. */
  public static cognito(props: CognitoAuthorizationProps): ApiAuthorization {
    const identifier = known(props.resourceServerIdentifier);
    if (identifier !== undefined && !/^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/.test(identifier)) {
      refuse('ApiAuthorization.cognito', {
        code: 'resource-server',
        what: 'resourceServerIdentifier is no identifier of a resource server',
        got: identifier,
        allowed: '1 to 256 printable characters without spaces, quotation marks and backslashes',
        fix: "for instance 'payments'",
      });
    }
    return new ApiAuthorization({
      kind: 'cognito',
      merchantId: 'context.authorizer.claims.client_id',
      scopes: 'context.authorizer.claims.scope',
      userPoolArn: props.userPool.userPoolArn,
      scopePrefix: `${props.resourceServerIdentifier}/`,
    });
  }

  /** A function of yours says who calls and with which scopes. */
  public static lambdaAuthorizer(props: LambdaAuthorizationProps): ApiAuthorization {
    const ttl = props.resultsCacheTtl ?? Duration.seconds(0);
    if (!ttl.isUnresolved() && ttl.toSeconds() > Duration.hours(CACHE_HOURS_MAX).toSeconds()) {
      refuse('ApiAuthorization.lambdaAuthorizer', {
        code: 'results-cache-ttl',
        what: 'resultsCacheTtl is too long',
        got: ttl.toSeconds(),
        allowed: '0 to 3600 seconds',
        fix: 'set Duration.hours(1) or less',
      });
    }
    return new ApiAuthorization({
      ...FROM_FUNCTION,
      authorizer: props.handler,
      identitySource: `method.request.header.${props.identityHeader ?? 'Authorization'}`,
      resultsCacheTtl: ttl,
    });
  }

  /**
   * Client certificates, and a function of yours that says whose they are. The shared name alone asks for certificates; the
   * Region's own name serves nothing but `/health/region` then.
   */
  public static mutualTls(props: MutualTlsAuthorizationProps): ApiAuthorization {
    const { truststoreBucket: bucket, truststoreKey: key, truststoreVersion: version } = props;
    return new ApiAuthorization({
      ...FROM_FUNCTION,
      authorizer: props.handler,
      resultsCacheTtl: Duration.seconds(0),
      truststore: { bucket, key, version },
    });
  }

  /** Everybody whom `allowFrom` lets in is the same merchant, with all rights. For sandboxes only. */
  public static none(props: NoAuthorizationProps): ApiAuthorization {
    const merchantId = known(props.merchantId);
    if (merchantId !== undefined && !MERCHANT_ID.test(merchantId)) {
      refuse('ApiAuthorization.none', {
        code: 'merchant-id',
        what: 'merchantId is no name of an account',
        got: merchantId,
        allowed: '1 to 64 letters, digits and _ . : -',
        fix: "for instance 'm_sandbox'",
      });
    }
    return new ApiAuthorization({ kind: 'none', merchantId: `'${props.merchantId}'`, scopes: STATIC_SCOPES });
  }

  private constructor(
    /** @internal */
    public readonly _source: CallerSource,
  ) {}
}

const FROM_FUNCTION = {
  kind: 'lambda',
  merchantId: 'context.authorizer.merchantId',
  scopes: 'context.authorizer.scopes',
} as const;
