/**
 * What rule packs of cdk-nag find in these constructs by design, each with the reason that an auditor gets. The constructs acknowledge
 * it themselves, at the resource and nowhere above it, so that a team's own run shows what is the team's. `docs/security.md` lists the
 * same; a test holds both to what the packs really find.
 *
 * A rule that several packs have under names of their own is one entry.
 */
import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

export interface AcknowledgedRule {
  readonly rules: readonly string[];
  readonly reason: string;
}

const pci = (rule: string) => `PCI.DSS.321-${rule}`;
const nist = (rule: string) => `NIST.800.53.R5-${rule}`;
const both = (rule: string) => [pci(rule), nist(rule)];

export const ACKNOWLEDGED = {
  SECRET_ROTATION: {
    rules: ['AwsSolutions-SMG4', nist('SecretsManagerRotationEnabled')],
    reason:
      'The key of payment ids must never change, or a retried request would make a second payment. The QR keys are rotated by putting a value, without a function that could be attacked.',
  },
  ANY_RESOURCE: {
    rules: ['AwsSolutions-IAM5[Resource::*]'],
    reason:
      'ecr:GetAuthorizationToken knows no resource. The role that AccountLogging.CREATE makes is a setting of the account: API Gateway writes the logs of all its APIs by it.',
  },
  PLAIN_VARIABLES: {
    rules: ['AwsSolutions-ECS2'],
    reason:
      'The variables are names, ARNs and sizes. Secrets are read by ARN while the handler runs, so that they can be rotated.',
  },
  LOAD_BALANCER_LOGS: {
    rules: ['AwsSolutions-ELB2', ...both('ELBLoggingEnabled')],
    reason:
      'Only the VPC link reaches this load balancer, and the access log of the API has a line for every request. loadBalancerLogBucket turns its own log on.',
  },
  LOAD_BALANCER_CERTIFICATE: {
    rules: both('ELBv2ACMCertificateRequired'),
    reason:
      'The development profile has no name, and so no certificate. ServiceProfile.production() has TLS up to the task.',
  },
  LOAD_BALANCER_DELETION: {
    rules: [nist('ELBDeletionProtectionEnabled')],
    reason:
      'It holds no data. Protected in the production profile; switched off where the stack must be easy to remove.',
  },
  IMPORTED_API: {
    rules: ['AwsSolutions-APIG2'],
    reason:
      'Every method has a validator. It stands in the imported document, where this rule does not look; a test of the library does.',
  },
  EXECUTION_LOG: {
    rules: ['AwsSolutions-APIG6', ...both('APIGWExecutionLoggingEnabled')],
    reason:
      'An execution log quotes what fits no schema, which may be a card number. The access log has every request, without its content.',
  },
  RESPONSE_CACHE: {
    rules: both('APIGWCacheEnabledAndEncrypted'),
    reason: 'Nothing is cached: every answer is about money, and of now.',
  },
  CLIENT_CERTIFICATE: {
    rules: both('APIGWSSLEnabled'),
    reason:
      'Nobody but the VPC link can connect to the service: its load balancer is internal and its security group admits no address. A certificate would prove what the network does.',
  },
  TRACING: {
    rules: ['Serverless-APIGWXrayEnabled'],
    reason:
      'The handler takes part in W3C traces of any vendor; X-Ray at the gateway would be paid for by all and used by some.',
  },
  DEAD_LETTERS: {
    rules: ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy'],
    reason: 'This is the dead-letter queue.',
  },
  DEFAULT_SECURITY_GROUP: {
    rules: both('VPCDefaultSecurityGroupClosed'),
    reason:
      'Nothing uses the default group. To close it takes a custom resource with rights on every group of the VPC.',
  },
  ROUTE_TO_INTERNET: {
    rules: both('VPCNoUnrestrictedRouteToIGW'),
    reason: 'The public subnets hold the NAT gateways and nothing else. Egress.vpcEndpoints() does without them.',
  },
  INLINE_POLICY: {
    rules: both('IAMNoInlinePolicy'),
    reason: 'The policy is of this one role, is made and goes with it, and no other role can be given it.',
  },
} as const satisfies Record<string, AcknowledgedRule>;

/** @param resources those that are not there are left out */
export function acknowledge({ rules, reason }: AcknowledgedRule, ...resources: (IConstruct | undefined)[]): void {
  for (const resource of resources) {
    if (resource === undefined) continue;
    Validations.of(resource).acknowledge(...rules.map((id) => ({ id, reason })));
  }
}
