/** The API's own names: the shared one that every Region has, and the Region's own. */
import { Token } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import * as route53 from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { DomainAliasTarget } from './alias-target';
import type { Truststore } from './caller-source';
import { known, knownRegion, refuse, refuseForeignRegion } from './validation';

/**
 * TLS 1.2 with forward secrecy, and 1.3 with post-quantum key exchange. Not 1.3 alone: Route 53's health checkers speak 1.2 at
 * the most, and would find the Region dead for ever.
 */
const TLS_POLICY = apigateway.SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09;
/** The name in the TLS handshake must be the name in the Host header. */
const ENDPOINT_ACCESS = apigateway.EndpointAccessMode.STRICT;

/** Client certificates and a policy of that generation exclude each other. Then it is 1.2 and 1.3 as API Gateway has them by default. */
const MUTUAL_TLS_POLICY = apigateway.SecurityPolicy.TLS_1_2;

export interface ApiDomainsProps {
  readonly sharedDomainName?: string;
  readonly regionalDomainName?: string;
  readonly certificate?: ICertificate;
  readonly hostedZone?: route53.IHostedZone;
  /** Of client certificates; the shared name then asks for one. */
  readonly truststore?: Truststore;
}

export interface ApiDomains {
  readonly sharedDomain?: apigateway.DomainName;
  readonly regionalDomain?: apigateway.DomainName;
}

/** Checks the four props together. */
export function checkDomains(where: Construct, props: ApiDomainsProps): void {
  const { sharedDomainName, regionalDomainName, certificate, hostedZone, truststore } = props;
  if (truststore !== undefined && sharedDomainName === undefined) {
    refuseIncomplete(where, 'sharedDomainName', 'the name that asks for client certificates', 'mutual TLS');
  }
  if (sharedDomainName === undefined && regionalDomainName === undefined) return;
  if (certificate === undefined)
    refuseIncomplete(where, 'certificate', 'a certificate of this Region for every domain name');
  if (hostedZone === undefined) refuseIncomplete(where, 'hostedZone', 'the public hosted zone of every domain name');
  if (regionalDomainName === undefined) {
    refuseIncomplete(where, 'regionalDomainName', "this Region's own name; with one Region, use it alone");
  }
  if (sharedDomainName === regionalDomainName) {
    refuse(where, {
      code: 'domain-names-equal',
      what: 'sharedDomainName and regionalDomainName are the same',
      got: sharedDomainName,
      allowed: "a name that every Region has, and one of this Region's own",
      fix: "name the Region's own for instance 'us-east-1.pay.example.com'; with one Region, leave sharedDomainName out",
    });
  }
  refuseForeignRegion(where, 'hostedZone', hostedZone, hostedZone.hostedZoneId);
  refuseForeignRegion(where, 'certificate', certificate, certificate.certificateArn);
  checkCertificateRegion(where, certificate);
  checkZone(where, 'regionalDomainName', regionalDomainName, hostedZone);
  if (sharedDomainName !== undefined) checkZone(where, 'sharedDomainName', sharedDomainName, hostedZone);
}

/** The Region's own name gets plain records; those of the shared one decide which Region serves, and are made elsewhere. */
export function createDomains(scope: Construct, restApi: apigateway.IRestApi, props: ApiDomainsProps): ApiDomains {
  const { sharedDomainName, regionalDomainName, certificate, hostedZone, truststore: mtls } = props;
  if (regionalDomainName === undefined || certificate === undefined || hostedZone === undefined) return {};
  const create = (id: string, domainName: string, tls: Partial<apigateway.DomainNameOptions>): apigateway.DomainName =>
    new apigateway.DomainName(scope, id, {
      domainName,
      certificate,
      mapping: restApi,
      endpointType: apigateway.EndpointType.REGIONAL,
      ...tls,
    });
  const tls = tlsOptions(mtls !== undefined);
  const regionalDomain = create('RegionalDomain', regionalDomainName, tls);
  const target = route53.RecordTarget.fromAlias(new DomainAliasTarget(regionalDomain));
  const record = { zone: hostedZone, recordName: fullyQualified(regionalDomainName), target };
  new route53.ARecord(scope, 'RegionalARecord', record);
  new route53.AaaaRecord(scope, 'RegionalAaaaRecord', record);
  return {
    regionalDomain,
    sharedDomain:
      sharedDomainName === undefined ? undefined : create('SharedDomain', sharedDomainName, { ...tls, mtls }),
  };
}

/** Of the API and all of its names: where they differ, API Gateway goes by the API's. */
export function tlsOptions(isMutual: boolean): {
  readonly securityPolicy: apigateway.SecurityPolicy;
  readonly endpointAccessMode?: apigateway.EndpointAccessMode;
} {
  return isMutual
    ? { securityPolicy: MUTUAL_TLS_POLICY }
    : { securityPolicy: TLS_POLICY, endpointAccessMode: ENDPOINT_ACCESS };
}

/** With the dot, aws-cdk-lib does not ask the zone for its name, which an imported one need not know. */
export function fullyQualified(domainName: string): string {
  return `${domainName}.`;
}

function refuseIncomplete(where: Construct, prop: string, allowed: string, beside = 'a domain name'): never {
  refuse(where, {
    code: 'domain-incomplete',
    what: `${prop} is missing beside ${beside}`,
    got: undefined,
    allowed,
    fix: `set ${prop}, or do without ${beside}`,
  });
}

function checkCertificateRegion(where: Construct, { certificateArn }: ICertificate): void {
  const region = knownRegion(where);
  const certificateRegion = known(certificateArn)?.split(':')[3];
  if (region === undefined || certificateRegion === undefined || region === certificateRegion) return;
  refuse(where, {
    code: 'certificate-region',
    what: 'certificate is of another Region',
    got: certificateArn,
    allowed: `a certificate in ${region}`,
    fix: 'request the certificate in each Region that has the name',
  });
}

function checkZone(where: Construct, prop: string, domainName: string, hostedZone: route53.IHostedZone): void {
  const zoneName = zoneNameOf(hostedZone);
  if (zoneName === undefined || Token.isUnresolved(domainName)) return;
  if (domainName === zoneName || domainName.endsWith(`.${zoneName}`)) return;
  refuse(where, {
    code: 'domain-outside-zone',
    what: `${prop} is not in hostedZone`,
    got: domainName,
    allowed: `${zoneName} or a name under it`,
    fix: `set ${prop} to such a name, or hostedZone to the zone of this one`,
  });
}

/** Undefined where it is not known at synth; a zone that was imported by its id alone throws when it is asked. */
function zoneNameOf(hostedZone: route53.IHostedZone): string | undefined {
  try {
    return known(hostedZone.zoneName)?.replace(/\.$/, '');
  } catch {
    return undefined;
  }
}
