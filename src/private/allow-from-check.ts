/** Whether the entries of `allowFrom` can be a resource policy of this API. */
import type { IConstruct } from 'constructs';
import { type AllowFrom, AllowFromKind } from '../allow-from';
import type { ApiAuthorization } from '../api-authorization';
import { refuse } from './validation';

const ALL_ADDRESSES = /\/0$/;

export function checkAllowFrom(
  where: IConstruct,
  allowFrom: readonly AllowFrom[],
  authorization: ApiAuthorization,
): void {
  if (allowFrom.length === 0) {
    refuse(where, {
      code: 'allow-from-empty',
      what: 'allowFrom names nobody',
      got: allowFrom,
      allowed: 'one entry or more',
      fix: "name the callers, for instance AllowFrom.cidrs('203.0.113.0/24')",
    });
  }
  for (const entry of allowFrom) checkEntry(where, entry, authorization);
}

function checkEntry(
  where: IConstruct,
  { _kind: kind, _values: values }: AllowFrom,
  { _isIam: isIam }: ApiAuthorization,
): void {
  if (kind === AllowFromKind.VPC_ENDPOINT) {
    refuse(where, {
      code: 'allow-from-vpc-endpoint',
      what: 'allowFrom has a VPC endpoint, and the API is regional',
      got: values,
      allowed: 'addresses, accounts or an organization',
      fix: "use AllowFrom.cidrs() with the callers' public addresses: nothing reaches a regional API through a VPC endpoint",
    });
  }
  if (isIam) return;
  if (kind !== AllowFromKind.CIDR) {
    refuse(where, {
      code: 'allow-from-unsigned',
      what: 'allowFrom has accounts or an organization, and authorization is not IAM',
      got: values,
      allowed: 'addresses: an unsigned call does not say which account it comes from',
      fix: 'set authorization to ApiAuthorization.iam(), or use AllowFrom.cidrs()',
    });
  }
  if (values.some((cidr) => ALL_ADDRESSES.test(cidr))) {
    refuse(where, {
      code: 'allow-from-everywhere',
      what: 'allowFrom has all addresses, and authorization is none',
      got: values,
      allowed: 'the addresses of known callers',
      fix: 'name them, or set authorization to ApiAuthorization.iam()',
    });
  }
}
