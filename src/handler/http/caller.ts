/** Who calls: what the gateway said in two headers that nothing but the gateway can set. */
import type { IncomingMessage } from 'node:http';
import { TrustedHeader } from '../../contract';
import type { Caller } from '../app/context';
import { Problem } from '../domain/errors';
import { isMerchantId } from '../domain/merchant';
import type { OpenApiOperation } from './openapi';

const ALL_SCOPES = [
  'payments:read',
  'payments:write',
  'payments:authorize',
  'payments:refund',
  'merchants:admin',
  'qr:read',
] as const;

/** On a loopback address there is no gateway, and nobody else can connect: a developer gets this account. */
export const DEMO_MERCHANT = 'm_demo';

export interface CallerOptions {
  /** Nobody but this machine can connect. */
  readonly loopback: boolean;
  /** What scopes begin with where an authorization server puts its own name before them; empty where none does. */
  readonly scopePrefix: string;
}

/** @throws Problem `unauthenticated` */
export function identifyCaller(
  request: IncomingMessage,
  requestId: string,
  { loopback, scopePrefix }: CallerOptions,
): Caller {
  const id = trustedHeader(request, TrustedHeader.MERCHANT_ID) ?? (loopback ? DEMO_MERCHANT : undefined);
  const told = trustedHeader(request, TrustedHeader.SCOPES)?.split(' ');
  const scopes = told === undefined ? (loopback ? ALL_SCOPES : undefined) : withoutPrefix(told, scopePrefix);
  if (id === undefined || scopes === undefined || !isMerchantId(id)) {
    throw new Problem('unauthenticated', 'The request did not come through the gateway with a known caller.');
  }
  return { id, scopes: new Set(scopes), requestId };
}

/** A scope of somebody else's, without the prefix, is none of ours. Those that the gateway wrote itself have none either: `none`. */
function withoutPrefix(scopes: readonly string[], prefix: string): string[] {
  return scopes.flatMap((scope) => (scope.startsWith(prefix) ? [scope.slice(prefix.length)] : []));
}

/** @throws Problem `insufficient-scope` */
export function authorizeCaller({ scopes }: Caller, { scopes: anyOf }: OpenApiOperation): void {
  if (anyOf.length === 0 || anyOf.some((scope) => scopes.has(scope))) return;
  throw new Problem('insufficient-scope', `This operation needs the scope ${anyOf.join(' or ')}.`);
}

/** Node joins a header that came twice; one of the two would be the client's. */
function trustedHeader({ rawHeaders, headers }: IncomingMessage, name: string): string | undefined {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i].length === name.length && rawHeaders[i].toLowerCase() === name) count++;
  }
  if (count > 1) throw new Problem('unauthenticated', `The header ${name} is there twice.`);
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
