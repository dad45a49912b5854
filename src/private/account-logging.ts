/** API Gateway's permission to write logs: a role, and the one setting of the account and Region that names it. */
import { Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ACKNOWLEDGED, acknowledge } from './acknowledged-rules';

/** What API Gateway checks that the role may do, on any log group: the setting serves every API of the account. */
const ACTIONS = [
  'logs:CreateLogGroup',
  'logs:CreateLogStream',
  'logs:DescribeLogGroups',
  'logs:DescribeLogStreams',
  'logs:FilterLogEvents',
  'logs:GetLogEvents',
  'logs:PutLogEvents',
];

/** @returns what a stage that logs has to wait for */
export function createAccountLogging(scope: Construct): apigateway.CfnAccount {
  const role = new iam.Role(scope, 'AccountLoggingRole', {
    assumedBy: new iam.ServicePrincipal('apigateway.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
    description: 'Lets API Gateway write logs in this account and Region',
  });
  const policy = new iam.Policy(scope, 'AccountLoggingPolicy', {
    roles: [role],
    statements: [new iam.PolicyStatement({ sid: 'Logs', actions: ACTIONS, resources: ['*'] })],
  });
  for (const rule of [ACKNOWLEDGED.ANY_RESOURCE, ACKNOWLEDGED.INLINE_POLICY]) acknowledge(rule, policy);
  const account = new apigateway.CfnAccount(scope, 'AccountLogging', { cloudWatchRoleArn: role.roleArn });
  account.node.addDependency(policy);
  return account;
}
