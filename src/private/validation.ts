/**
 * How a construct that is used wrongly says so, at synth: what, got, allowed, fix, in the words of the props, and a stable code.
 *
 * Tokens are never judged: their value is known at deployment only. `known` tells them apart.
 */
import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

export interface Refusal {
  /** Stable, kebab-case. */
  readonly code: string;
  /** Begins with the prop: `allowFrom names nobody`. */
  readonly what: string;
  readonly got: unknown;
  readonly allowed: string;
  readonly fix: string;
}

/** Props that cannot become a working deployment. */
export class InvalidPropsError extends Error {
  override readonly name = 'InvalidPropsError';

  constructor(
    where: string,
    readonly refusal: Refusal,
  ) {
    const { code, what, got, allowed, fix } = refusal;
    super(`${where}: ${what}; got ${show(got)}, allowed ${allowed}; fix: ${fix} [${code}]`);
  }
}

/** @param where the construct, or the name of a factory that has no scope */
export function refuse(where: IConstruct | string, refusal: Refusal): never {
  throw new InvalidPropsError(typeof where === 'string' ? where : where.node.path || 'App', refusal);
}

/** The value where it is known at synth. */
export function known<T>(value: T): T | undefined {
  return Token.isUnresolved(value) ? undefined : value;
}

/** The Region of the stack around a construct, where it is known at synth. */
export function knownRegion(construct: IConstruct): string | undefined {
  return known(Stack.of(construct).region);
}

export interface IntegerRange {
  readonly prop: string;
  readonly min: number;
  readonly max: number;
}

export function checkInteger(where: IConstruct, value: number, { prop, min, max }: IntegerRange): void {
  if (Token.isUnresolved(value) || (Number.isInteger(value) && value >= min && value <= max)) return;
  refuse(where, {
    code: 'number-out-of-range',
    what: `${prop} is not a whole number in range`,
    got: value,
    allowed: `${min} to ${max}`,
    fix: `set ${prop} within that range or leave it out`,
  });
}

/** A URL that paths are appended to and credentials are sent to. */
export function checkBaseUrl(where: IConstruct | string, prop: string, url: string): void {
  if (Token.isUnresolved(url) || /^https:\/\/[^\s/?#@]+(\/[^\s?#]*[^\s?#/])?$/.test(url)) return;
  refuse(where, {
    code: 'base-url',
    what: `${prop} is no base URL`,
    got: url,
    allowed: 'https, a host, and a path without trailing slash; no query, fragment or credentials',
    fix: "write it like 'https://pay.example.com'",
  });
}

/**
 * A resource made in another Region's stack: naming it would tie the two stacks' deployments together. One that was imported
 * there is named by a plain string, and so harmless.
 */
export function refuseForeignRegion(where: IConstruct, prop: string, resource: IConstruct, identifier: string): void {
  const here = knownRegion(where);
  const there = knownRegion(resource);
  if (here === there || here === undefined || there === undefined || !Token.isUnresolved(identifier)) return;
  refuse(where, {
    code: 'foreign-region',
    what: `${prop} is made by a stack in another Region`,
    got: `${resource.node.path} in ${there}`,
    allowed: `a resource of a stack in ${here}, or an imported one`,
    fix: `import ${prop} in this Region's stack by plain strings (attributes or ARN)`,
  });
}

/** A part that can only work in the same Region, wherever it comes from. */
export function checkSameRegion(where: IConstruct, prop: string, part: IConstruct): void {
  const here = knownRegion(where);
  const there = knownRegion(part);
  if (here === there || here === undefined || there === undefined) return;
  refuse(where, {
    code: 'other-region',
    what: `${prop} is in another Region`,
    got: `${part.node.path} in ${there}`,
    allowed: `one in ${here}`,
    fix: `give the ${prop} of this Region`,
  });
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}
