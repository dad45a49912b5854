// The list of schemes. Adding one is a file and a line here. The order decides which name a code with several gets.

import type { QrFields } from '../types';
import { bharatqr } from './bharatqr';
import { duitnow } from './duitnow';
import { easpbv } from './easpbv';
import { emv } from './emv';
import { fps } from './fps';
import { jpqr } from './jpqr';
import { khqr } from './khqr';
import { paynow } from './paynow';
import { pix } from './pix';
import { promptpay } from './promptpay';
import { qris } from './qris';
import { qrph } from './qrph';
import type { Scheme, SchemeCode } from './scheme';
import { sgqr } from './sgqr';
import { vietqr } from './vietqr';

export const schemes: readonly Scheme[] = [
  sgqr,
  paynow,
  pix,
  promptpay,
  qris,
  duitnow,
  vietqr,
  khqr,
  fps,
  qrph,
  jpqr,
  bharatqr,
  easpbv,
  emv,
];

export interface FoundScheme {
  readonly scheme: Scheme;
  readonly code: SchemeCode;
}

const byName = new Map(schemes.map((scheme) => [scheme.name, scheme]));
const byGuid = new Map(schemes.flatMap((scheme) => scheme.guids.map((guid) => [guid, scheme] as const)));
const patterns = schemes.filter((scheme) => scheme.recognizes !== undefined);

export function schemeByName(name: string): Scheme | undefined {
  return byName.get(name);
}

/** `guid` as written; the fields are what a scheme without a GUID of its own is recognized by. */
export function schemeByGuid(guid: string, fields: QrFields): Scheme | undefined {
  const lower = guid.toLowerCase();
  return byGuid.get(lower) ?? patterns.find((scheme) => scheme.recognizes?.(lower, fields));
}

/** Every scheme of a code, once, in the order of the list. */
export function findSchemes(fields: QrFields, ids: readonly string[]): FoundScheme[] {
  const found: FoundScheme[] = [];
  for (const at of ids) {
    const template = fields[at];
    if (typeof template === 'string' || at === '62' || at === '64') continue;
    const guid = template['00'];
    if (typeof guid !== 'string') continue;
    const scheme = schemeByGuid(guid, fields);
    if (scheme === undefined || found.some((other) => other.scheme === scheme)) continue;
    found.push({ scheme, code: { fields, at, template, guid: guid.toLowerCase() } });
  }
  if (found.length === 0) {
    const scheme = schemes.find((candidate) => candidate.recognizesAccounts?.(fields));
    if (scheme !== undefined) found.push({ scheme, code: { fields, at: '', template: {}, guid: '' } });
  }
  return found.length > 1 ? found.sort((a, b) => schemes.indexOf(a.scheme) - schemes.indexOf(b.scheme)) : found;
}
