/** Whether the entries of `allowFrom` can be a resource policy of this API. */
import type { IConstruct } from 'constructs';
import { type AllowFrom, AllowFromKind } from '../allow-from';
import type { CallerSource } from './caller-source';
import { refuse } from './validation';

const ALL_ADDRESSES = /\/0$/;

export interface AllowFromContext {
  readonly caller: CallerSource;
  /** Whether the API is reached through VPC endpoints only. */
  readonly isPrivate: boolean;
}

export function checkAllowFrom(where: IConstruct, allowFrom: readonly AllowFrom[], context: AllowFromContext): void {
  if (allowFrom.length === 0) {
    refuse(where, {
      code: 'allow-from-empty',
      what: 'allowFrom names nobody',
      got: allowFrom,
      allowed: 'one entry or more',
      fix: "name the callers, for instance AllowFrom.cidrs('203.0.113.0/24')",
    });
  }
  for (const entry of allowFrom) {
    checkEndpointType(where, entry, context);
    checkSigned(where, entry, context);
  }
}

function checkEndpointType(
  where: IConstruct,
  { _kind: kind, _values: values }: AllowFrom,
  { isPrivate }: AllowFromContext,
): void {
  if (kind === AllowFromKind.VPC_ENDPOINT && !isPrivate) {
    refuse(where, {
      code: 'allow-from-vpc-endpoint',
      what: 'allowFrom has a VPC endpoint, and the API is regional',
      got: values,
      allowed: 'addresses, accounts or an organization',
      fix: "set endpointType to ApiEndpointType.PRIVATE, or use AllowFrom.cidrs() with the callers' public addresses",
    });
  }
  if (kind === AllowFromKind.CIDR && isPrivate) {
    refuse(where, {
      code: 'allow-from-private-cidr',
      what: 'allowFrom has addresses, and the API is private',
      got: values,
      allowed: 'VPC endpoints; accounts or an organization with IAM',
      fix: 'use AllowFrom.vpcEndpoints(): a call through an endpoint has no public address',
    });
  }
}

function checkSigned(
  where: IConstruct,
  { _kind: kind, _values: values }: AllowFrom,
  { caller }: AllowFromContext,
): void {
  if (caller.kind === 'iam') return;
  if (kind === AllowFromKind.ACCOUNT || kind === AllowFromKind.ORGANIZATION) {
    refuse(where, {
      code: 'allow-from-unsigned',
      what: 'allowFrom has accounts or an organization, and authorization is not IAM',
      got: values,
      allowed: 'addresses or VPC endpoints: an unsigned call does not say which account it comes from',
      fix: 'set authorization to ApiAuthorization.iam(), or use AllowFrom.cidrs()',
    });
  }
  if (caller.kind === 'none' && values.some((cidr) => ALL_ADDRESSES.test(cidr))) {
    refuse(where, {
      code: 'allow-from-everywhere',
      what: 'allowFrom has all addresses, and authorization is none',
      got: values,
      allowed: 'the addresses of known callers',
      fix: 'name them, or set authorization to ApiAuthorization.iam()',
    });
  }
}
