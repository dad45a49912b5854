// CRC-16/CCITT-FALSE (ISO/IEC 13239, polynomial 1021, start FFFF) over the UTF-8 bytes of a text: the last object of
// every merchant-presented payload. It finds misread characters; it proves nothing about who wrote them (see
// authenticity.ts).

const polynomial = 0x1021;

const table = new Uint16Array(256);
for (let byte = 0; byte < 256; byte++) {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ polynomial : crc << 1;
  table[byte] = crc & 0xffff;
}

function step(crc: number, byte: number): number {
  return ((crc << 8) ^ table[((crc >> 8) ^ byte) & 0xff]) & 0xffff;
}

const initial = 0xffff;

/**
 * CRC of the first `end` UTF-16 units of `text`, going on from the CRC of what precedes it; a lone surrogate counts as
 * U+FFFD. crc16("123456789") is 0x29B1.
 */
export function crc16(text: string, end: number = text.length, preceding: number = initial): number {
  let crc = preceding;
  for (let i = 0; i < end; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      crc = ((crc << 8) ^ table[((crc >> 8) ^ unit) & 0xff]) & 0xffff;
      continue;
    }
    const point = codePoint(text, i, end);
    if (point > 0xffff) i++;
    crc = multiByte(crc, point);
  }
  return crc;
}

/** Four upper-case hexadecimal digits, zero-padded: one CRC in sixteen starts with a zero. */
export function crcText(crc: number): string {
  return crc.toString(16).toUpperCase().padStart(4, '0');
}

function codePoint(text: string, at: number, end: number): number {
  const unit = text.charCodeAt(at);
  if (unit < 0xd800 || unit > 0xdfff) return unit;
  const low = at + 1 < end ? text.charCodeAt(at + 1) : 0;
  if (unit > 0xdbff || low < 0xdc00 || low > 0xdfff) return 0xfffd;
  return ((unit - 0xd800) << 10) + (low - 0xdc00) + 0x10000;
}

function multiByte(crc: number, point: number): number {
  if (point < 0x800) return step(step(crc, 0xc0 | (point >> 6)), 0x80 | (point & 0x3f));
  let next = crc;
  if (point < 0x10000) {
    next = step(next, 0xe0 | (point >> 12));
  } else {
    next = step(next, 0xf0 | (point >> 18));
    next = step(next, 0x80 | ((point >> 12) & 0x3f));
  }
  next = step(next, 0x80 | ((point >> 6) & 0x3f));
  return step(next, 0x80 | (point & 0x3f));
}
