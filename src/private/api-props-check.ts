/** Whether the props of an API fit together, before anything is made. */
import type { Construct } from 'constructs';
import { ApiEndpointType, type QrPaymentApiProps } from '../qr-payment-api-props';
import { WebAcl } from '../web-acl';
import { checkAllowFrom } from './allow-from-check';
import { checkDomains } from './api-domains';
import type { CallerSource, Truststore } from './caller-source';
import { BURST_LIMIT, checkOperationThrottling, RATE_LIMIT } from './operation-throttling';
import { checkInteger, checkSameRegion, known, refuse } from './validation';

export interface CheckedProps extends QrPaymentApiProps {
  readonly caller: CallerSource;
  readonly truststore?: Truststore;
}

export function checkApiProps(where: Construct, props: CheckedProps): void {
  const isPrivate = props.endpointType === ApiEndpointType.PRIVATE;
  checkSameRegion(where, 'service', props.service);
  checkAllowFrom(where, props.allowFrom, { caller: props.caller, isPrivate });
  if (isPrivate) checkPrivate(where, props);
  else checkRegional(where, props);
  checkDomains(where, props);
  checkScopePrefix(where, props);
  checkFirewall(where, props);
  if (props.throttlingRateLimit !== undefined) {
    checkInteger(where, props.throttlingRateLimit, { prop: 'throttlingRateLimit', min: 1, max: RATE_LIMIT });
  }
  if (props.throttlingBurstLimit !== undefined) {
    checkInteger(where, props.throttlingBurstLimit, { prop: 'throttlingBurstLimit', min: 1, max: BURST_LIMIT });
  }
  checkOperationThrottling(where, props.operationThrottling);
}

function checkPrivate(where: Construct, { regionalDomainName, sharedDomainName, truststore }: CheckedProps): void {
  const got = regionalDomainName ?? sharedDomainName;
  if (got === undefined && truststore === undefined) return;
  refuse(where, {
    code: 'private-with-name',
    what: `endpointType is PRIVATE beside ${got === undefined ? 'mutual TLS' : 'a domain name'}`,
    got: got ?? 'ApiAuthorization.mutualTls()',
    allowed: 'the names of the VPC endpoints: public names and client certificates belong to a regional API',
    fix: 'leave the domain names out, or set endpointType to ApiEndpointType.REGIONAL',
  });
}

function checkRegional(where: Construct, { vpcEndpoints }: CheckedProps): void {
  if (vpcEndpoints === undefined) return;
  refuse(where, {
    code: 'vpc-endpoints-regional',
    what: 'vpcEndpoints are given, and the API is regional',
    got: vpcEndpoints.map(({ node }) => node.path),
    allowed: 'vpcEndpoints with a private API',
    fix: 'set endpointType to ApiEndpointType.PRIVATE, or leave vpcEndpoints out',
  });
}

/** The service takes the prefix off the scopes; one that does not know it finds no scope that it knows. */
function checkScopePrefix(where: Construct, { caller, service }: CheckedProps): void {
  const prefix = caller.kind === 'cognito' ? caller.scopePrefix : undefined;
  if (known(prefix) === undefined || known(service.scopePrefix ?? '') === undefined || prefix === service.scopePrefix) {
    return;
  }
  refuse(where, {
    code: 'scope-prefix',
    what: 'authorization is Cognito, and service does not take its prefix off the scopes',
    got: service.scopePrefix,
    allowed: `scopePrefix '${prefix}', the identifier of the resource server and a slash`,
    fix: `set scopePrefix: '${prefix}' on the PaymentProcessingService`,
  });
}

function checkFirewall(where: Construct, { webAcl, truststore }: CheckedProps): void {
  const isManaged = (webAcl ?? WebAcl.managed())._rateLimitPerAddress !== undefined;
  if (truststore === undefined || isManaged) return;
  refuse(where, {
    code: 'mutual-tls-firewall',
    what: 'authorization is mutual TLS, and webAcl cannot close the names that ask for no certificate',
    got: webAcl?._arn ?? 'WebAcl.none()',
    allowed: 'WebAcl.managed(), which leaves them nothing but /health/region',
    fix: 'leave webAcl out',
  });
}
