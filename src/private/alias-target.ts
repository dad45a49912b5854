/** Where an alias record points for a Region's custom domain. */
import type { IDomainName } from 'aws-cdk-lib/aws-apigateway';
import type { AliasRecordTargetConfig, IAliasRecordTarget } from 'aws-cdk-lib/aws-route53';

/**
 * aws-cdk-lib's own `ApiGatewayDomain` cannot set EvaluateTargetHealth, without which Route 53 takes no failover alias.
 */
export class DomainAliasTarget implements IAliasRecordTarget {
  constructor(private readonly domain: IDomainName) {}

  bind(): AliasRecordTargetConfig {
    return {
      dnsName: this.domain.domainNameAliasDomainName,
      hostedZoneId: this.domain.domainNameAliasHostedZoneId,
      evaluateTargetHealth: true,
    };
  }
}
