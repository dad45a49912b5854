/**
 * The API's resource policy: who may call from where. Pure.
 *
 * API Gateway lets a caller of the API's own account in when either the resource policy or the caller's IAM policy allows it,
 * and one of another account when both do. Therefore
 *
 * - no statement allows the API's own account anything: there the IAM policy has to;
 * - whoever `allowFrom` does not name is denied, or an IAM policy would be enough from any address;
 * - merchants write their own IAM policies, so that setting profiles is denied to every account but the API's own.
 */
import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { type AllowFrom, AllowFromKind } from '../allow-from';
import { ApiScope } from '../api-scope';
import { HealthPath } from '../contract';
import type { Endpoint } from './openapi';
import { refuse } from './validation';

export interface ResourcePolicyOptions {
  readonly allowFrom: readonly AllowFrom[];
  readonly endpoints: readonly Endpoint[];
  /** The API's own account. */
  readonly account: string;
  /** Whether callers sign with Signature Version 4. */
  readonly isIam: boolean;
}

const SOURCE_IP = 'aws:SourceIp';
const PRINCIPAL_ACCOUNT = 'aws:PrincipalAccount';
const PRINCIPAL_ORGANIZATION = 'aws:PrincipalOrgID';
const SOURCE_VPC_ENDPOINT = 'aws:SourceVpce';

/** Condition by which an entry lets in, and its opposite. Absent keys make the opposite true: they deny. */
const CONDITIONS = [
  { kind: AllowFromKind.CIDR, key: SOURCE_IP, operator: 'IpAddress', opposite: 'NotIpAddress' },
  { kind: AllowFromKind.ACCOUNT, key: PRINCIPAL_ACCOUNT, operator: 'StringEquals', opposite: 'StringNotEquals' },
  {
    kind: AllowFromKind.ORGANIZATION,
    key: PRINCIPAL_ORGANIZATION,
    operator: 'StringEquals',
    opposite: 'StringNotEquals',
  },
  {
    kind: AllowFromKind.VPC_ENDPOINT,
    key: SOURCE_VPC_ENDPOINT,
    operator: 'StringEquals',
    opposite: 'StringNotEquals',
  },
];

export function renderResourcePolicy(options: ResourcePolicyOptions): iam.PolicyDocument {
  return new iam.PolicyDocument({
    minimize: false,
    statements: [
      statement('RegionHealth', iam.Effect.ALLOW, [`GET${HealthPath.REGION}`]),
      ...allowStatements(options),
      denyOthersStatement(options),
      ...(options.isIam ? [ownAccountOnlyStatement(options)] : []),
    ],
  });
}

/** API Gateway takes no longer policy. */
const POLICY_LENGTH_LIMIT = 8192;

export function checkPolicyLength(where: IConstruct, policy: iam.PolicyDocument): void {
  const { length } = JSON.stringify(Stack.of(where).resolve(policy));
  if (length <= POLICY_LENGTH_LIMIT) return;
  refuse(where, {
    code: 'allow-from-too-long',
    what: 'allowFrom makes a resource policy that is too long',
    got: length,
    allowed: `${POLICY_LENGTH_LIMIT} characters`,
    fix: 'join address ranges, or use AllowFrom.organization() in place of single accounts',
  });
}

function allowStatements({ allowFrom, isIam, account }: ResourcePolicyOptions): iam.PolicyStatement[] {
  return CONDITIONS.flatMap(({ kind, key, operator }) => {
    const values = valuesOf(allowFrom, kind);
    if (values.length === 0) return [];
    const foreign = { StringNotEquals: { [PRINCIPAL_ACCOUNT]: account } };
    const conditions = { [operator]: { [key]: values }, ...(isIam && foreign) };
    return [statement(`AllowFrom${sidOf(kind)}`, iam.Effect.ALLOW, ['*'], conditions)];
  });
}

/** `VPC_ENDPOINT` → `VpcEndpoint` */
function sidOf(kind: AllowFromKind): string {
  return kind.toLowerCase().replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Only what asks for authorization: to the rest nobody is let in whom no statement allows. */
function denyOthersStatement({ allowFrom, endpoints }: ResourcePolicyOptions): iam.PolicyStatement {
  const conditions: Record<string, Record<string, string[]>> = {};
  for (const { kind, key, opposite } of CONDITIONS) {
    const values = valuesOf(allowFrom, kind);
    if (values.length > 0) conditions[opposite] = { ...conditions[opposite], [key]: values };
  }
  const roots = new Set(endpoints.filter(({ scopes }) => scopes.length > 0).map(({ path }) => path.split('/')[1]));
  return statement(
    'DenyOthers',
    iam.Effect.DENY,
    [...roots].map((root) => `*/${root}/*`),
    conditions,
  );
}

function ownAccountOnlyStatement({ endpoints, account }: ResourcePolicyOptions): iam.PolicyStatement {
  const admin = endpoints.filter(({ scopes }) => scopes.includes(ApiScope.MERCHANTS_ADMIN));
  return statement('OwnAccountOnly', iam.Effect.DENY, admin.map(methodPath), {
    StringNotEquals: { [PRINCIPAL_ACCOUNT]: account },
  });
}

/** `PUT/v1/merchants/*`: how IAM names a method. */
export function methodPath({ method, path }: Endpoint): string {
  return `${method.toUpperCase()}${path.replaceAll(/\{[^}]+\}/g, '*')}`;
}

/** API Gateway completes the ARNs; this API's own could not be named inside it. */
function statement(sid: string, effect: iam.Effect, paths: string[], conditions = {}): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid,
    effect,
    principals: [new iam.StarPrincipal()],
    actions: ['execute-api:Invoke'],
    resources: paths.map((path) => (path === '*' ? 'execute-api:/*' : `execute-api:/*/${path}`)),
    conditions,
  });
}

function valuesOf(allowFrom: readonly AllowFrom[], kind: AllowFromKind): string[] {
  return allowFrom.filter(({ _kind }) => _kind === kind).flatMap(({ _values }) => _values);
}
