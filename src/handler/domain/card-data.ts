/**
 * Finds card numbers, so that none is ever taken in: 13 to 19 digits in a known issuer range, of a length that range has, Luhn valid.
 * Spaces and dashes between digits are ignored. An order number that only looks long passes.
 */

import { passesLuhn } from '../../qr';

interface IssuerRange {
  readonly low: string;
  readonly high: string;
  readonly lengths: readonly number[];
}

const LONG = [13, 14, 15, 16, 17, 18, 19];
const range = (low: string, high: string, ...lengths: number[]): IssuerRange => ({ low, high, lengths });

/** Public issuer ranges by their leading digits. */
const ISSUER_RANGES: readonly IssuerRange[] = [
  range('4', '4', 13, 16, 19), // Visa
  range('51', '55', 16), // Mastercard
  range('2221', '2720', 16),
  range('34', '34', 15), // American Express
  range('37', '37', 15),
  range('6011', '6011', 16, 17, 18, 19), // Discover
  range('644', '649', 16, 17, 18, 19),
  range('65', '65', 16, 17, 18, 19), // Discover, RuPay, Troy
  range('300', '305', 14, 16, 17, 18, 19), // Diners Club
  range('3095', '3095', 14, 16, 17, 18, 19),
  range('36', '36', 14, 15, 16, 17, 18, 19),
  range('38', '39', 14, 16, 17, 18, 19),
  range('3528', '3589', 16, 17, 18, 19), // JCB
  range('62', '62', 16, 17, 18, 19), // UnionPay
  range('81', '82', 16, 17, 18, 19), // UnionPay, RuPay
  range('60', '60', 16), // RuPay, Hipercard
  range('508', '508', 16),
  range('2200', '2204', 16, 17, 18, 19), // Mir
  range('9792', '9792', 16), // Troy
  range('5018', '5018', ...LONG), // Maestro, Dankort, Verve, Elo
  range('5019', '5020', ...LONG),
  range('5038', '5038', ...LONG),
  range('506', '506', 16, 18, 19),
  range('509', '509', 16),
  range('56', '58', ...LONG),
  range('6304', '6304', ...LONG),
  range('636', '639', ...LONG),
  range('67', '67', ...LONG),
];

const RUN = /\d[\d\s\p{Pd}]*\d/gu;
const SEPARATORS = /[\s\p{Pd}]+/u;

const DIGITS_MIN = 13;

export function containsCardNumber(text: string): boolean {
  if (text.length < DIGITS_MIN || hasFewDigits(text)) return false;
  for (const [run] of text.normalize('NFKC').matchAll(RUN)) {
    if (groupsHoldCardNumber(run.split(SEPARATORS))) return true;
  }
  return false;
}

/** True of nearly every text: too few digits, and no character that might turn out to be one. */
function hasFewDigits(text: string): boolean {
  let digits = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return false;
    if (unit >= 0x30 && unit <= 0x39) digits++;
  }
  return digits < DIGITS_MIN;
}

/** A card number may stand among other groups of digits, as in `4111 1111 1111 1111 12/28`: every run of whole groups is tried. */
function groupsHoldCardNumber(groups: readonly string[]): boolean {
  for (let first = 0; first < groups.length; first++) {
    let digits = '';
    for (let last = first; last < groups.length && digits.length < 19; last++) {
      digits += groups[last];
      if (isCardNumber(digits)) return true;
    }
  }
  return false;
}

function isCardNumber(digits: string): boolean {
  if (digits.length < DIGITS_MIN || digits.length > 19) return false;
  return ISSUER_RANGES.some((issuer) => inRange(digits, issuer)) && passesLuhn(digits);
}

function inRange(digits: string, { low, high, lengths }: IssuerRange): boolean {
  const prefix = digits.slice(0, low.length);
  return prefix >= low && prefix <= high && lengths.includes(digits.length);
}
