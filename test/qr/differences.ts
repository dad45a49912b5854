// Where other people's readers and ours may differ, class by class, each with its reason. Structure is judged by the
// oracle of this folder, never by the codec under test.

import type { DecodedQr, QrFields } from '../../src/qr';
import { oraclePairs } from './oracle';

export interface Difference<T> {
  readonly reason: string;
  readonly holds: (of: T) => boolean;
}

const pairsOf = (payload: string) => oraclePairs(payload) ?? [];
const repeats = (text: string): boolean => {
  const ids = pairsOf(text).map(([id]) => id);
  return new Set(ids).size < ids.length;
};

/** What none of the three refuses and no reader of payments should take: the payload as text. */
export const structural: readonly Difference<string>[] = [
  {
    reason: 'a length that is no number of two digits, such as "+4", or one that leads past the end',
    holds: (payload) => oraclePairs(payload) === null,
  },
  { reason: 'an ID twice, of which each reader takes another one', holds: repeats },
  { reason: 'object 00 is not first', holds: (payload) => pairsOf(payload)[0]?.[0] !== '00' },
  { reason: 'object 63 is not last', holds: (payload) => pairsOf(payload).at(-1)?.[0] !== '63' },
  { reason: 'the CRC has not four digits', holds: (payload) => pairsOf(payload).at(-1)?.[1].length !== 4 },
  {
    reason: 'an ID twice inside a template, or inside a template of templates',
    holds: (payload) =>
      pairsOf(payload).some(([, value]) => repeats(value) || pairsOf(value).some(([, inner]) => repeats(inner))),
  },
];

/** What pix-utils refuses, or throws at, although it can be read. */
export const refusedByPixUtils: readonly Difference<{ payload: string; qr: DecodedQr }>[] = [
  {
    reason: 'an empty value: it ends the reading there, and inside 26, 62 or 80 it throws',
    holds: ({ qr }) => hasEmpty(qr.fields),
  },
  {
    reason: 'a CRC in lower case, which many generators print',
    holds: ({ payload }) => /[a-f]/.test(payload.slice(-4)),
  },
  {
    reason: 'Pix elsewhere than in 26: EMVCo finds a scheme by its GUID in any of 26 to 51',
    holds: ({ qr }) => text(qr.fields, '26', '01') === undefined && text(qr.fields, '26', '25') === undefined,
  },
  {
    reason: 'no name or city: a warning here, a TypeError there',
    holds: ({ qr }) => qr.fields['59'] === undefined || qr.fields['60'] === undefined,
  },
  {
    reason: '62 or 80 is no TLV: text and a warning here, a TypeError there',
    holds: ({ qr }) => ['26', '62', '80'].some((id) => typeof qr.fields[id] === 'string'),
  },
  {
    reason: 'four characters after a "6304" right before the CRC object: it takes them for the CRC',
    holds: ({ payload }) => /6304\w{4}$/.test(payload.slice(0, -4)),
  },
  {
    reason: 'characters beyond the BMP, whose halves it counts one by one',
    holds: ({ payload }) => /[\u{10000}-\u{10ffff}]/u.test(payload),
  },
];

/** What ts-khqr refuses although no rule that we know is broken. */
export const refusedByTsKhqr: readonly Difference<{ payload: string; qr: DecodedQr }>[] = [
  {
    reason: 'a CRC that begins with two zeros: it writes one of them',
    holds: ({ payload }) => payload.slice(-4).startsWith('00'),
  },
  {
    reason: 'a dynamic code without an amount: the Bakong kit makes none, EMVCo allows it',
    holds: ({ qr }) => qr.initiation === 'dynamic' && qr.amount === null,
  },
  {
    reason: 'times out of order (99): whether a code has expired is for whoever takes the payment',
    holds: ({ qr }) => Number(text(qr.fields, '99', '00') ?? 0) > Number(text(qr.fields, '99', '01') ?? 0),
  },
  {
    reason: 'both 29 and 30, one of them not of this scheme: it judges them as one',
    holds: ({ qr }) => qr.fields['29'] !== undefined && qr.fields['30'] !== undefined,
  },
  {
    reason: 'the account elsewhere than in 29 or 30',
    holds: ({ qr }) => ['29', '30'].every((id) => text(qr.fields, id, '00') === undefined),
  },
];

function hasEmpty(fields: QrFields): boolean {
  return Object.values(fields).some((value) => (typeof value === 'string' ? value === '' : hasEmpty(value)));
}

export function text(fields: QrFields, id: string, subId?: string): string | undefined {
  const value = fields[id];
  if (subId === undefined) return typeof value === 'string' ? value : undefined;
  const inner = typeof value === 'object' ? value[subId] : undefined;
  return typeof inner === 'string' ? inner : undefined;
}
