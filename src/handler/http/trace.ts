/**
 * Trace context, W3C: which trace a request belongs to, as its client says it or as a new one. The bank is told, and the log has its id.
 * A request that brings none begins a trace under its own id, so nothing more is made up for it.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { TraceContext } from '../app/ports';
import { containsCardNumber } from '../domain/card-data';
import { LIMITS } from '../domain/limits';

export interface Trace {
  /** 32 hexadecimal digits. */
  readonly id: string;
  /** For those whom this request calls: it is the parent of their spans. Few call anybody, so it is made when asked for. */
  readonly context: () => TraceContext;
}

/** Version 00 is this and no more; a later version may have more behind it, and is read as far as we know it. */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?$/;
const STATE_KEY = '[a-z][a-z0-9_\\-*/]{0,255}|[a-z0-9][a-z0-9_\\-*/]{0,240}@[a-z][a-z0-9_\\-*/]{0,13}';
const STATE_MEMBER = new RegExp(
  `^(${STATE_KEY})=[\\x20-\\x2b\\x2d-\\x3c\\x3e-\\x7e]{0,255}[\\x21-\\x2b\\x2d-\\x3c\\x3e-\\x7e]$`,
);
const SAMPLED = 1;

/** @param requestId a UUID: without dashes, a trace's id; its second half, a span's */
export function traceOf(headers: IncomingHttpHeaders, requestId: string): Trace {
  const own = requestId.replaceAll('-', '').toLowerCase();
  const span = own.slice(16);
  const given = headers.traceparent === undefined ? undefined : readTraceparent(headers.traceparent);
  if (given === undefined) return { id: own, context: () => ({ traceparent: `00-${own}-${span}-00` }) };
  const traceparent = `00-${given.id}-${span}-0${given.flags & SAMPLED}`;
  const context = () => {
    const tracestate = readTracestate(headers.tracestate);
    return tracestate === undefined ? { traceparent } : { traceparent, tracestate };
  };
  return { id: given.id, context };
}

function readTraceparent(header: string | string[]): { id: string; flags: number } | undefined {
  const parts = typeof header === 'string' ? TRACEPARENT.exec(header.trim()) : null;
  if (parts === null) return undefined;
  const [, version, id, flags, more] = parts;
  if (version === '00' && more !== undefined) return undefined;
  // Digits are hexadecimal too, and this goes into the log and to the bank.
  return containsCardNumber(id) ? undefined : { id, flags: Number.parseInt(flags, 16) };
}

/** All of it or nothing: half of a vendor's state would be another state. */
function readTracestate(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const text = String(header);
  if (text.length > LIMITS.traceStateChars || containsCardNumber(text)) return undefined;
  const members = text
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
  const keys = new Set(members.map((member) => member.slice(0, member.indexOf('='))));
  const valid = members.length > 0 && members.length <= LIMITS.traceStateMembers && keys.size === members.length;
  return valid && members.every((member) => STATE_MEMBER.test(member)) ? members.join(',') : undefined;
}
