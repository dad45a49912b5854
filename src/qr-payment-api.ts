/**
 * The front door in one Region: a regional REST API made of the OpenAPI document in this package, in front of one payment service.
 *
 * It knows who calls, checks the form of requests, and tells the service by headers that it alone can set.
 */
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { ApiAuthorization } from './api-authorization';
import type { ApiScope } from './api-scope';
import { createDomains } from './private/api-domains';
import { checkApiProps } from './private/api-props-check';
import { allowAuthorizer } from './private/caller-source';
import { bundledDocument, type Endpoint, endpointsOf } from './private/openapi';
import { methodPath } from './private/resource-policy';
import { createRestApi, STAGE_NAME } from './private/rest-api';
import { refuse } from './private/validation';
import { associate, Firewall } from './private/web-acl-rules';
import type { QrPaymentApiProps } from './qr-payment-api-props';
import { WebAcl } from './web-acl';

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
  /** ARN of the firewall, where there is one. */
  public readonly webAclArn?: string;
  /** What the firewall blocked or counted, where it is made here. */
  public readonly webAclLogGroup?: logs.LogGroup;

  private readonly endpoints: readonly Endpoint[];

  constructor(scope: Construct, id: string, props: QrPaymentApiProps) {
    super(scope, id);
    const caller = (props.authorization ?? ApiAuthorization.iam())._source;
    const truststore = caller.kind === 'lambda' ? caller.truststore : undefined;
    checkApiProps(this, { ...props, caller, truststore });
    this.regionalDomainName = props.regionalDomainName;
    this.sharedDomainName = props.sharedDomainName;
    this.hostedZone = props.hostedZone;

    const document = bundledDocument();
    this.endpoints = endpointsOf(document);
    this.vpcLink = new apigateway.VpcLink(this, 'VpcLink', { targets: [props.service.vpcLinkTarget] });
    this.accessLogGroup = this.createAccessLogGroup(props);
    this.restApi = createRestApi(this, {
      ...props,
      document,
      caller,
      vpcLinkId: this.vpcLink.vpcLinkId,
      accessLogGroup: this.accessLogGroup,
    });
    allowAuthorizer(this, caller, this.restApi.restApiId);

    const { regionalDomain, sharedDomain } = createDomains(this, this.restApi, { ...props, truststore });
    this.regionalDomain = regionalDomain;
    this.sharedDomain = sharedDomain;
    this.url = `https://${this.sharedDomainName ?? this.regionalDomainName ?? this.executeApiName()}`;

    const firewall = this.createFirewall(props, truststore !== undefined);
    this.webAclLogGroup = firewall?.logGroup;
    this.webAclArn = firewall?.webAcl.attrArn ?? props.webAcl?._arn;
    if (this.webAclArn !== undefined) associate(this, this.restApi.deploymentStage, this.webAclArn);
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

  private createAccessLogGroup({ encryptionKey, service, logRetention }: QrPaymentApiProps): logs.LogGroup {
    return new logs.LogGroup(this, 'AccessLogs', {
      encryptionKey: encryptionKey ?? service.keys.encryptionKey,
      retention: logRetention ?? logs.RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** With client certificates, every name but the shared one is left with the Region's health: the others ask for none. */
  private createFirewall(props: QrPaymentApiProps, isMutualTls: boolean): Firewall | undefined {
    const { _rateLimitPerAddress: rateLimitPerAddress } = props.webAcl ?? WebAcl.managed();
    if (rateLimitPerAddress === undefined) return undefined;
    return new Firewall(this, 'Firewall', {
      rateLimitPerAddress,
      onlyName: isMutualTls ? props.sharedDomainName : undefined,
      stageName: STAGE_NAME,
      encryptionKey: props.encryptionKey ?? props.service.keys.encryptionKey,
      logRetention: props.logRetention ?? logs.RetentionDays.ONE_YEAR,
    });
  }

  private executeApiName(): string {
    const { region, urlSuffix } = Stack.of(this);
    return `${this.restApi.restApiId}.execute-api.${region}.${urlSuffix}/${STAGE_NAME}`;
  }
}
