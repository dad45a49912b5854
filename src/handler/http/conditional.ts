/** Entity tags and preconditions, RFC 9110 section 13. A payment's tag is its version. */
import { Problem } from '../domain/errors';

export function versionTag(version: number): string {
  return `"${version}"`;
}

/** Whether the client already has what carries `tag`. Weak comparison, as for any GET. */
export function matchesNone(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((each) => {
    const candidate = each.trim();
    return candidate === '*' || candidate === tag || candidate === `W/${tag}`;
  });
}

/** The version that a client knows, from `If-None-Match: "3"`. */
export function knownVersion(ifNoneMatch: string | undefined): number | undefined {
  const version = ifNoneMatch?.match(/^\s*(?:W\/)?"(\d{1,9})"\s*$/)?.[1];
  return version === undefined ? undefined : Number(version);
}

/** The version that an operation expects; a tag that no payment can have never matches. @throws Problem `invalid-request` */
export function expectedVersion(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const tag = ifMatch.trim().match(/^(W\/)?"([^"]*)"$/);
  if (tag === null)
    throw new Problem('invalid-request', 'If-Match takes one entity tag, the version in quotes: If-Match: "3".');
  return tag[1] === undefined && /^\d{1,9}$/.test(tag[2]) ? Number(tag[2]) : -1;
}
