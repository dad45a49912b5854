/** Where calls may come from: one entry of the API's resource policy. A request passes when it matches any entry. */
import { isIPv4, isIPv6 } from 'node:net';
import { known, refuse } from './private/validation';

/** What an entry names. Not part of the public API. */
export enum AllowFromKind {
  /** Addresses. */
  CIDR = 'CIDR',
  /** AWS accounts. */
  ACCOUNT = 'ACCOUNT',
  /** An AWS organization. */
  ORGANIZATION = 'ORGANIZATION',
  /** VPC endpoints. */
  VPC_ENDPOINT = 'VPC_ENDPOINT',
}

interface Form {
  readonly matches: (value: string) => boolean;
  readonly example: string;
}

const FORM: Readonly<Record<AllowFromKind, Form>> = {
  [AllowFromKind.CIDR]: { matches: isCidr, example: '203.0.113.0/24' },
  [AllowFromKind.ACCOUNT]: { matches: (value) => /^\d{12}$/.test(value), example: '111122223333' },
  [AllowFromKind.ORGANIZATION]: { matches: (value) => /^o-[a-z0-9]{10,32}$/.test(value), example: 'o-a1b2c3d4e5' },
  [AllowFromKind.VPC_ENDPOINT]: {
    matches: (value) => /^vpce-[0-9a-f]{8,17}$/.test(value),
    example: 'vpce-0123456789abcdef0',
  },
};

/** Callers that the API's resource policy lets in. */
export class AllowFrom {
  /** Callers at these IPv4 or IPv6 addresses. */
  public static cidrs(...cidrs: string[]): AllowFrom {
    return new AllowFrom(AllowFromKind.CIDR, cidrs);
  }

  /** Callers with credentials of these AWS accounts. With IAM authorization only. */
  public static accounts(...accountIds: string[]): AllowFrom {
    return new AllowFrom(AllowFromKind.ACCOUNT, accountIds);
  }

  /** Callers with credentials of any account of this AWS organization. With IAM authorization only. */
  public static organization(organizationId: string): AllowFrom {
    return new AllowFrom(AllowFromKind.ORGANIZATION, [organizationId]);
  }

  /** Callers that come through these VPC endpoints. With a private API only. */
  public static vpcEndpoints(...vpcEndpointIds: string[]): AllowFrom {
    return new AllowFrom(AllowFromKind.VPC_ENDPOINT, vpcEndpointIds);
  }

  private constructor(
    /** @internal */
    public readonly _kind: AllowFromKind,
    /**
     * CIDRs or ids, by kind.
     * @internal
     */
    public readonly _values: readonly string[],
  ) {
    const { matches, example } = FORM[_kind];
    const malformed = _values.filter((value) => known(value) !== undefined && !matches(value));
    if (_values.length > 0 && malformed.length === 0) return;
    refuse('AllowFrom', {
      code: 'allow-from-form',
      what: `a ${_kind} entry ${_values.length === 0 ? 'is empty' : 'is malformed'}`,
      got: malformed,
      allowed: `one value or more of the form ${example}`,
      fix: 'name each caller, or leave the entry out',
    });
  }
}

function isCidr(value: string): boolean {
  const [address = '', prefix = '', ...rest] = value.split('/');
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : 0;
  return rest.length === 0 && bits > 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits;
}
