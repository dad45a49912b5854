// Characters the way EMVCo counts them: code points, not UTF-16 units, not bytes, not graphemes. Everything works on
// char codes, since it runs over each payload several times.

/** What a text consists of; the greater the number, the more care it needs. */
export const Script = {
  /** Only U+0020 to U+007E, the "ans" set in practice. */
  printable: 0,
  /** Some other character, but one UTF-16 unit each. */
  basic: 1,
  /** Surrogate pairs: code points and units differ. */
  astral: 2,
  /** A lone surrogate: no UTF-8 exists, so no QR code can have held it. */
  malformed: 3,
} as const;
export type Script = (typeof Script)[keyof typeof Script];

export function scriptOf(text: string): Script {
  let script: Script = Script.printable;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x20 && unit <= 0x7e) continue;
    if (unit < 0xd800 || unit > 0xdfff) {
      if (script < Script.basic) script = Script.basic;
      continue;
    }
    const low = unit <= 0xdbff && i + 1 < text.length ? text.charCodeAt(i + 1) : 0;
    if (low < 0xdc00 || low > 0xdfff) return Script.malformed;
    script = Script.astral;
    i++;
  }
  return script;
}

/** Length in code points: a surrogate pair is one. */
export function characterCount(text: string): number {
  let count = text.length;
  for (let i = 1; i < text.length; i++) {
    if (isLowSurrogate(text.charCodeAt(i)) && isHighSurrogate(text.charCodeAt(i - 1))) count--;
  }
  return count;
}

/** Index in UTF-16 units after `count` code points from `start`, or -1 where the text ends before. */
export function advance(text: string, start: number, count: number): number {
  let at = start;
  for (let n = 0; n < count; n++) {
    if (at >= text.length) return -1;
    const pair =
      isHighSurrogate(text.charCodeAt(at)) && at + 1 < text.length && isLowSurrogate(text.charCodeAt(at + 1));
    at += pair ? 2 : 1;
  }
  return at;
}

export function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (isHighSurrogate(unit) && i + 1 < text.length && isLowSurrogate(text.charCodeAt(i + 1))) {
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return bytes;
}

/** U+0020 to U+007E throughout. */
export function isPrintable(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || unit > 0x7e) return false;
  }
  return true;
}

/** ASCII digits throughout; true for the empty text. */
export function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x30 || unit > 0x39) return false;
  }
  return true;
}

/** ASCII upper-case letters throughout; true for the empty text. */
export function isUpperCase(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x41 || unit > 0x5a) return false;
  }
  return true;
}

function isHighSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800;
}

function isLowSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xdc00;
}
