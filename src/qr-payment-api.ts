/**
 * The front door in one Region: a regional REST API made of the OpenAPI document in this package, in front of one payment service.
 *
 * It knows who calls, checks the form of requests, and tells the service by headers that it alone can set.
 */
import { Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import type { AllowFrom } from './allow-from';
import { ApiAuthorization } from './api-authorization';
import type { ApiScope } from './api-scope';
import type { IPaymentProcessingService } from './payment-processing-service';
import { ACCESS_LOG_FORMAT, AccessLogDestination } from './private/access-log';
import { checkAllowFrom } from './private/allow-from-check';
import { checkDomains, createDomains, ENDPOINT_ACCESS, TLS_POLICY } from './private/api-domains';
import { BINARY_MEDIA_TYPES, renderGatewayDocument } from './private/gateway-document';
import { bundledDocument, type Endpoint, endpointsOf, type OpenApiDocument } from './private/openapi';
import { checkPolicyLength, methodPath, renderResourcePolicy } from './private/resource-policy';
import { checkInteger, checkSameRegion, refuse } from './private/validation';

/** Whether API Gateway's permission to write logs is there already. It is one for the account and Region. */
export enum AccountLogging {
  /** Made here: a role, and API Gateway's account setting of this Region. Only one stack of the Region may do that. */
  CREATE = 'CREATE',
  /** The account and Region has it: another stack made it, or the platform team. */
  EXISTING = 'EXISTING',
}

/** The service, its callers, and the names they call it by. */
export interface QrPaymentApiProps {
  /** The service behind the API. */
  readonly service: IPaymentProcessingService;

  /** Who may call, from where: a request passes when it matches any entry. `/health/region` is open to all. */
  readonly allowFrom: AllowFrom[];

  /** Whether API Gateway's permission to write logs in this account and Region is made here. */
  readonly accountLogging: AccountLogging;

  /**
   * How callers prove who they are.
   *
   * @default ApiAuthorization.iam()
   */
  readonly authorization?: ApiAuthorization;

  /**
   * This Region's own name, `us-east-1.pay.example.com`, or the only one where there is one Region. The name that API Gateway
   * gives is then switched off. Needs `certificate` and `hostedZone`.
   *
   * @default - the name that API Gateway gives
   */
  readonly regionalDomainName?: string;

  /**
   * The name that clients use in whichever Region serves, `pay.example.com`. Needs `regionalDomainName`; its records are made by
   * MultiRegionFailover or RegionalFailoverRecords.
   *
   * @default - none
   */
  readonly sharedDomainName?: string;

  /**
   * Certificate of the domain names, in this Region.
   *
   * @default - none; needed with a domain name
   */
  readonly certificate?: ICertificate;

  /**
   * Public hosted zone of the domain names.
   *
   * @default - none; needed with a domain name
   */
  readonly hostedZone?: IHostedZone;

  /**
   * Requests a second that the API takes from all callers together. The account's own limit is 10,000 in most Regions.
   *
   * @default 1000
   */
  readonly throttlingRateLimit?: number;

  /**
   * Requests that the API takes at once, above the rate.
   *
   * @default 500
   */
  readonly throttlingBurstLimit?: number;

  /**
   * How long access logs are kept.
   *
   * @default logs.RetentionDays.ONE_YEAR
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * Encrypts the access logs. Its policy must let CloudWatch Logs use it.
   *
   * @default - the encryption key of the service
   */
  readonly encryptionKey?: kms.IKey;
}

const STAGE_NAME = 'prod';
const DEFAULT_RATE = 1000;
const DEFAULT_BURST = 500;
/** Quotas of an account in most Regions. */
const RATE_LIMIT = 10_000;
const BURST_LIMIT = 5000;

/** The API of payments in one Region. */
export class QrPaymentApi extends Construct {
  /** Base URL for clients, without a trailing slash. */
  public readonly url: string;
  /** The API as aws-cdk-lib knows it. */
  public readonly restApi: apigateway.SpecRestApi;
  /** The way to the service's load balancer. */
  public readonly vpcLink: apigateway.VpcLink;
  /** One JSON line a call. */
  public readonly accessLogGroup: logs.LogGroup;
  /** Domain of this Region's own name. */
  public readonly regionalDomain?: apigateway.DomainName;
  /** Domain of the shared name. */
  public readonly sharedDomain?: apigateway.DomainName;
  /** This Region's own name. */
  public readonly regionalDomainName?: string;
  /** The name that every Region has. */
  public readonly sharedDomainName?: string;
  /** Zone of the names. */
  public readonly hostedZone?: IHostedZone;

  private readonly endpoints: readonly Endpoint[];

  constructor(scope: Construct, id: string, props: QrPaymentApiProps) {
    super(scope, id);
    const authorization = props.authorization ?? ApiAuthorization.iam();
    this.check(props, authorization);
    this.regionalDomainName = props.regionalDomainName;
    this.sharedDomainName = props.sharedDomainName;
    this.hostedZone = props.hostedZone;

    const document = bundledDocument();
    this.endpoints = endpointsOf(document);
    this.vpcLink = new apigateway.VpcLink(this, 'VpcLink', { targets: [props.service.vpcLinkTarget] });
    this.accessLogGroup = this.createAccessLogGroup(props);
    this.restApi = this.createRestApi(document, authorization, props);

    const { regionalDomain, sharedDomain } = createDomains(this, this.restApi, props);
    this.regionalDomain = regionalDomain;
    this.sharedDomain = sharedDomain;
    this.url = `https://${this.sharedDomainName ?? this.regionalDomainName ?? this.executeApiName()}`;
  }

  /**
   * Lets a principal of this account call the operations of these scopes. Principals of other accounts need the same from their
   * own account, besides an entry in `allowFrom`.
   */
  public grantInvoke(grantee: iam.IGrantable, ...scopes: ApiScope[]): iam.Grant {
    if (scopes.length === 0) {
      refuse(this, {
        code: 'grant-without-scope',
        what: 'grantInvoke was given no scope',
        got: scopes,
        allowed: 'one ApiScope or more',
        fix: 'name what the principal is to do, for instance ApiScope.PAYMENTS_READ',
      });
    }
    const methods = this.endpoints.filter((endpoint) => scopes.some((scope) => endpoint.scopes.includes(scope)));
    const resourceArns = methods.map((method) =>
      Stack.of(this).formatArn({
        service: 'execute-api',
        resource: this.restApi.restApiId,
        resourceName: `${STAGE_NAME}/${methodPath(method)}`,
      }),
    );
    return iam.Grant.addToPrincipal({ grantee, actions: ['execute-api:Invoke'], resourceArns });
  }

  /** Requests. */
  public metricCount(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.restApi.deploymentStage.metricCount(props);
  }

  /** Time until the answer, the service's included. */
  public metricLatency(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.restApi.deploymentStage.metricLatency(props);
  }

  /** Answers with a status of 400 to 499. */
  public metricClientError(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.restApi.deploymentStage.metricClientError(props);
  }

  /** Answers with a status of 500 to 599. */
  public metricServerError(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.restApi.deploymentStage.metricServerError(props);
  }

  private check(props: QrPaymentApiProps, authorization: ApiAuthorization): void {
    checkSameRegion(this, 'service', props.service);
    checkAllowFrom(this, props.allowFrom, authorization);
    checkDomains(this, props);
    if (props.throttlingRateLimit !== undefined) {
      checkInteger(this, props.throttlingRateLimit, { prop: 'throttlingRateLimit', min: 1, max: RATE_LIMIT });
    }
    if (props.throttlingBurstLimit !== undefined) {
      checkInteger(this, props.throttlingBurstLimit, { prop: 'throttlingBurstLimit', min: 1, max: BURST_LIMIT });
    }
  }

  private createAccessLogGroup({ encryptionKey, service, logRetention }: QrPaymentApiProps): logs.LogGroup {
    return new logs.LogGroup(this, 'AccessLogs', {
      encryptionKey: encryptionKey ?? service.keys.encryptionKey,
      retention: logRetention ?? logs.RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  private createRestApi(
    document: OpenApiDocument,
    { _isIam: isIam, _merchantIdSource: merchantIdSource }: ApiAuthorization,
    props: QrPaymentApiProps,
  ): apigateway.SpecRestApi {
    const { endpointUrl } = props.service;
    const body = renderGatewayDocument(document, {
      endpointUrl,
      vpcLinkId: this.vpcLink.vpcLinkId,
      isIam,
      merchantIdSource,
    });
    const { account } = Stack.of(this);
    const policy = renderResourcePolicy({ allowFrom: props.allowFrom, endpoints: this.endpoints, account, isIam });
    checkPolicyLength(this, policy);
    const restApi = new apigateway.SpecRestApi(this, 'RestApi', {
      // Metrics carry the name, so that no two APIs may share it.
      restApiName: Names.uniqueResourceName(this, { maxLength: 64, separator: '-' }),
      apiDefinition: apigateway.ApiDefinition.fromInline(body),
      binaryMediaTypes: [...BINARY_MEDIA_TYPES],
      policy,
      endpointConfiguration: { types: [apigateway.EndpointType.REGIONAL] },
      disableExecuteApiEndpoint: props.regionalDomainName !== undefined,
      cloudWatchRole: props.accountLogging === AccountLogging.CREATE,
      deployOptions: this.stageOptions(props),
    });
    // An output that nobody asked for, of a name that may be off.
    restApi.node.tryRemoveChild('Endpoint');
    const resource = restApi.node.defaultChild;
    if (resource instanceof apigateway.CfnRestApi) {
      resource.securityPolicy = TLS_POLICY;
      resource.endpointAccessMode = ENDPOINT_ACCESS;
    }
    return restApi;
  }

  /**
   * The access log alone: the execution log quotes what does not match a schema, which may be a card number, into a log group
   * that is API Gateway's own.
   */
  private stageOptions({ throttlingRateLimit, throttlingBurstLimit }: QrPaymentApiProps): apigateway.StageOptions {
    return {
      stageName: STAGE_NAME,
      accessLogDestination: new AccessLogDestination(this.accessLogGroup),
      accessLogFormat: ACCESS_LOG_FORMAT,
      loggingLevel: apigateway.MethodLoggingLevel.OFF,
      dataTraceEnabled: false,
      metricsEnabled: false,
      tracingEnabled: false,
      cachingEnabled: false,
      throttlingRateLimit: throttlingRateLimit ?? DEFAULT_RATE,
      throttlingBurstLimit: throttlingBurstLimit ?? DEFAULT_BURST,
    };
  }

  private executeApiName(): string {
    const { region, urlSuffix } = Stack.of(this);
    return `${this.restApi.restApiId}.execute-api.${region}.${urlSuffix}/${STAGE_NAME}`;
  }
}
