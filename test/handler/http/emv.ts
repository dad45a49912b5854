/** An EMV payload from its parts, written here and not by the codec under test. */

/** `['59', 'Kopi']`; a template's value is made of others. */
export type DataObject = readonly [id: string, value: string];

export function objects(...parts: readonly DataObject[]): string {
  return parts.map(([id, value]) => `${id}${String([...value].length).padStart(2, '0')}${value}`).join('');
}

/** Ends a payload with its checksum, in 63. */
export function withCrc(payload: string): string {
  const open = `${payload}6304`;
  return open + crc16(Buffer.from(open, 'utf8'));
}

/** CRC-16/IBM-3740, bit by bit: polynomial 1021, initial value FFFF. */
function crc16(bytes: Buffer): string {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : crc << 1;
  }
  return crc.toString(16).toUpperCase().padStart(4, '0');
}

export const ACCOUNT: DataObject = ['26', objects(['00', 'com.example.pay'], ['01', '12345678'])];
/** A static code of a merchant, part by part. */
export const STATIC: readonly DataObject[] = [
  ['00', '01'],
  ['01', '11'],
  ACCOUNT,
  ['52', '5812'],
  ['53', '702'],
  ['58', 'SG'],
  ['59', 'Kopi Corner'],
  ['60', 'Singapore'],
];
