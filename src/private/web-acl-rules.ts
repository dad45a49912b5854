/**
 * The firewall in front of the API, as resources.
 *
 * `/health/region` passes whatever the managed rules and the rate say: Route 53 asks from addresses of its own choice, and a
 * question that is blocked is a Region that is taken for dead.
 */
import { ArnFormat, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { HealthPath, TrustedHeader } from '../contract';

export interface FirewallProps {
  readonly rateLimitPerAddress: number;
  /** The only name that serves more than the Region's health; all of them without it. */
  readonly onlyName?: string;
  readonly stageName: string;
  readonly encryptionKey: kms.IKey;
  readonly logRetention: logs.RetentionDays;
}

/** Headers whose value must not come from outside. The gateway overwrites them; whoever sends them means no good. */
const GATEWAY_HEADERS = [TrustedHeader.MERCHANT_ID, TrustedHeader.SCOPES];
/** Credentials, and keys that are good for a replay. */
const REDACTED_HEADERS = ['authorization', 'idempotency-key', 'x-amz-security-token'];
/** CloudWatch Logs takes WAF's logs into groups of no other name. */
const LOG_GROUP_PREFIX = 'aws-waf-logs-';

const MANAGED_GROUPS: readonly { readonly name: string; readonly count?: readonly string[] }[] = [
  // Bodies have up to 16 KiB here; that rule would stop at 8.
  { name: 'AWSManagedRulesCommonRuleSet', count: ['SizeRestrictions_BODY'] },
  { name: 'AWSManagedRulesKnownBadInputsRuleSet' },
  { name: 'AWSManagedRulesAmazonIpReputationList' },
];

type Statement = wafv2.CfnWebACL.StatementProperty;

export class Firewall extends Construct {
  readonly webAcl: wafv2.CfnWebACL;
  readonly logGroup: logs.LogGroup;

  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id);
    this.webAcl = new wafv2.CfnWebACL(this, 'WebAcl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      description: 'API of payments',
      rules: numbered(rules(props)),
      visibilityConfig: visibility('WebAcl'),
    });
    this.logGroup = this.createLog(props);
  }

  private createLog({ encryptionKey, logRetention }: FirewallProps): logs.LogGroup {
    const name = Names.uniqueResourceName(this, { maxLength: 100, separator: '-' });
    const logGroup = new logs.LogGroup(this, 'Logs', {
      logGroupName: `${LOG_GROUP_PREFIX}${name}`,
      encryptionKey,
      retention: logRetention,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    new wafv2.CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: this.webAcl.attrArn,
      logDestinationConfigs: [
        Stack.of(this).formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: logGroup.logGroupName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      redactedFields: REDACTED_HEADERS.map((Name) => ({ singleHeader: { Name } })),
      // What passed is in the access log.
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: ['BLOCK', 'COUNT'].map((Action) => ({ ActionCondition: { Action } })),
          },
        ],
      },
    });
    return logGroup;
  }
}

/** Puts a firewall in front of a stage. */
export function associate(scope: Construct, { stageArn }: Stage, webAclArn: string): void {
  new wafv2.CfnWebACLAssociation(scope, 'WebAclAssociation', { resourceArn: stageArn, webAclArn });
}

type Rule = Omit<wafv2.CfnWebACL.RuleProperty, 'priority'>;

function rules({ rateLimitPerAddress, onlyName, stageName }: FirewallProps): Rule[] {
  const notHealth = not(or([HealthPath.REGION, `/${stageName}${HealthPath.REGION}`].map(hasPath)));
  return [
    block('GatewayHeaders', or(GATEWAY_HEADERS.map(hasHeader))),
    ...(onlyName === undefined ? [] : [block('OtherNamesHealthOnly', and([not(hasHost(onlyName)), notHealth]))]),
    ...MANAGED_GROUPS.map((group) => managedRule(group, notHealth)),
    block('RatePerAddress', {
      rateBasedStatement: { limit: rateLimitPerAddress, aggregateKeyType: 'IP', scopeDownStatement: notHealth },
    }),
  ];
}

function numbered(list: readonly Rule[]): wafv2.CfnWebACL.RuleProperty[] {
  return list.map((rule, priority) => ({ ...rule, priority }));
}

function block(name: string, statement: Statement): Rule {
  return { name, statement, action: { block: {} }, visibilityConfig: visibility(name) };
}

function managedRule({ name, count = [] }: (typeof MANAGED_GROUPS)[number], scopeDownStatement: Statement): Rule {
  return {
    name,
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        scopeDownStatement,
        ...(count.length > 0 && {
          ruleActionOverrides: count.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
        }),
      },
    },
    overrideAction: { none: {} },
    visibilityConfig: visibility(name),
  };
}

function hasHeader(name: string): Statement {
  return {
    sizeConstraintStatement: {
      fieldToMatch: { singleHeader: { Name: name } },
      comparisonOperator: 'GE',
      size: 0,
      textTransformations: AS_IT_IS,
    },
  };
}

function hasHost(name: string): Statement {
  return {
    byteMatchStatement: {
      fieldToMatch: { singleHeader: { Name: 'host' } },
      positionalConstraint: 'EXACTLY',
      searchString: name.toLowerCase(),
      textTransformations: [{ priority: 0, type: 'LOWERCASE' }],
    },
  };
}

function hasPath(path: string): Statement {
  return {
    byteMatchStatement: {
      fieldToMatch: { uriPath: {} },
      positionalConstraint: 'EXACTLY',
      searchString: path,
      textTransformations: AS_IT_IS,
    },
  };
}

function not(statement: Statement): Statement {
  return { notStatement: { statement } };
}

function or(statements: Statement[]): Statement {
  return { orStatement: { statements } };
}

function and(statements: Statement[]): Statement {
  return { andStatement: { statements } };
}

/** No sampled requests: samples show headers and bodies to whoever opens the console. */
function visibility(name: string): wafv2.CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, metricName: name, sampledRequestsEnabled: false };
}

const AS_IT_IS = [{ priority: 0, type: 'NONE' }];
