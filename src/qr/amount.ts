// EMV decimal strings and integer minor units, one into the other. Only integers: 1.005 has no exact float.

import type { Currency } from './currency';
import { maxAmountMinorUnits } from './limits';

/** Priced in whole units in their markets although ISO 4217 gives them two decimals: written "5000", not "5000.00". */
const wholeByPractice: ReadonlySet<string> = new Set(['IDR', 'KHR', 'COP', 'MMK', 'LAK']);

const maxTextLength = 13;

export type ParsedAmount =
  | { readonly value: number }
  | { readonly problem: 'malformed' | 'zero' | 'precision' | 'range' };

/** Digits with at most one point; "98." is legal, ".5" and "98,73" are not. */
export function isDecimal(text: string): boolean {
  let points = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x2e && i > 0) points++;
    else if (unit < 0x30 || unit > 0x39) return false;
  }
  return text.length > 0 && points <= 1;
}

/** True where no digit of a decimal string is greater than zero. */
export function isZero(decimal: string): boolean {
  for (let i = 0; i < decimal.length; i++) {
    const unit = decimal.charCodeAt(i);
    if (unit >= 0x31 && unit <= 0x39) return false;
  }
  return true;
}

/** Decimals as written: "98.70" has two. */
export function decimalCount(decimal: string): number {
  const point = decimal.indexOf('.');
  return point < 0 ? 0 : decimal.length - point - 1;
}

/** The minor units of an EMV amount. Surplus decimals are accepted where they are zeros. */
export function parseAmount(text: string, exponent: number): ParsedAmount {
  if (!isDecimal(text)) return { problem: 'malformed' };
  if (isZero(text)) return { problem: 'zero' };
  let value = 0;
  let decimals = -1;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x2e) {
      decimals = 0;
      continue;
    }
    if (decimals >= exponent) {
      if (unit !== 0x30) return { problem: 'precision' };
      continue;
    }
    if (decimals >= 0) decimals++;
    value = value * 10 + unit - 0x30;
    if (value > maxAmountMinorUnits) return { problem: 'range' };
  }
  for (let n = Math.max(decimals, 0); n < exponent; n++) value *= 10;
  return value > maxAmountMinorUnits ? { problem: 'range' } : { value };
}

/** "12.50" for 1250 SGD. `value` is a positive integer of at most 10^12. */
export function formatAmount(value: number, currency: Currency): string {
  const digits = String(value).padStart(currency.exponent + 1, '0');
  const whole = digits.slice(0, digits.length - currency.exponent);
  const fraction = digits.slice(digits.length - currency.exponent);
  const text = `${whole}.${fraction}`;
  // 10^12 minor units are the one amount too long for object 54, and it is whole.
  const isWhole = isZero(fraction) && (wholeByPractice.has(currency.alpha) || text.length > maxTextLength);
  return fraction === '' || isWhole ? whole : text;
}
