// Card numbers in consumer-presented codes, all of it in hexadecimal as BER-TLV holds them: what may be shown of them,
// and where they can hide. Erring on the side of hiding.

const minPanLength = 12;
const maxPanLength = 19;

/** First six and last four digits, the rest starred; a short number keeps its last four only. */
export function maskPan(digits: string): string {
  const head = digits.length >= 13 ? digits.slice(0, 6) : '';
  const tail = digits.slice(-4);
  return head + '*'.repeat(Math.max(digits.length - head.length - tail.length, 0)) + tail;
}

/** 5A: packed digits, padded with F. */
export function maskPackedPan(hex: string): string {
  return maskPan(panDigits(hex));
}

/** 57: card number, D, then expiry, service code and discretionary data, of which nothing is shown. */
export function maskTrack2(hex: string): string {
  const separator = hex.indexOf('D');
  if (separator < 0) return maskAll(hex);
  return `${maskPan(hex.slice(0, separator))}D${'*'.repeat(hex.length - separator - 1)}`;
}

export function maskAll(hex: string): string {
  return '*'.repeat(hex.length);
}

/** The digits before the separator or padding. */
export function panDigits(hex: string): string {
  let end = 0;
  while (end < hex.length && hex[end] >= '0' && hex[end] <= '9') end++;
  return hex.slice(0, end);
}

/** Whether opaque bytes hold this number, packed or as text, or anything that looks like a card number. */
export function hidesPan(hex: string, pans: readonly string[]): boolean {
  if (pans.some((pan) => hex.includes(pan) || hex.includes(asTextHex(pan)))) return true;
  for (let at = 0; at < hex.length; at += 2) {
    const packed = panDigits(hex.slice(at, at + maxPanLength));
    if (!isText.test(packed) && looksLikePan(packed)) return true;
    if (looksLikePan(textDigits(hex, at))) return true;
    if (holdsCardObject(hex, at)) return true;
  }
  return false;
}

/** A card number (5A) or track 2 (57) object at this byte, whatever its number. */
function holdsCardObject(hex: string, at: number): boolean {
  const tag = hex.slice(at, at + 2);
  if (tag !== '5A' && tag !== '57') return false;
  const length = Number.parseInt(hex.slice(at + 2, at + 4), 16);
  const value = hex.slice(at + 4, at + 4 + length * 2);
  const digits = panDigits(value).length;
  if (digits < minPanLength || digits > maxPanLength) return false;
  return tag === '57' ? value[digits] === 'D' : digits === value.length || value[digits] === 'F';
}

function asTextHex(digits: string): string {
  let hex = '';
  for (const digit of digits) hex += `3${digit}`;
  return hex;
}

/** Digits that are written as ASCII from `at` on, 19 at most. */
function textDigits(hex: string, at: number): string {
  let digits = '';
  for (let n = at; n + 1 < hex.length && digits.length < 19; n += 2) {
    if (hex[n] !== '3' || hex[n + 1] < '0' || hex[n + 1] > '9') break;
    digits += hex[n + 1];
  }
  return digits;
}

/** Issuer ranges of the card networks: Visa; Mastercard, Maestro; Mir; Diners, Amex, JCB; UnionPay, Discover, RuPay. */
const issuerRange = /^(4|5[0-8]|2[2-7]|3(0[0-59]|[4679]|5[2-8]|8)|6[0-578]|8[12])/;
/** Digits written as ASCII look like packed ones, "3x3x3x": these are read as text instead. */
const isText = /^(3[0-9]){6}/;

/** Begins like an issuer's number and passes the Luhn check at some length: 14 to 19, or 13 for Visa. */
function looksLikePan(digits: string): boolean {
  if (!issuerRange.test(digits)) return false;
  for (let length = digits.startsWith('4') ? 13 : 14; length <= digits.length; length++) {
    if (passesLuhn(digits.slice(0, length))) return true;
  }
  return false;
}

/** ISO/IEC 7812-1 annex B. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let n = 0; n < digits.length; n++) {
    const digit = digits.charCodeAt(digits.length - 1 - n) - 0x30;
    const doubled = n % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
