// A second reading of merchant-presented payloads, written with other means (code point arrays, bytes from Buffer, the
// CRC bit by bit, no shared code), to disagree with src/qr wherever that is wrong.

export function oracleCrc(text: string): string {
  let register = 0xffff;
  for (const byte of Buffer.from(text, 'utf8')) {
    for (let bit = 7; bit >= 0; bit--) {
      const top = (register >> 15) ^ ((byte >> bit) & 1);
      register = (register << 1) & 0xffff;
      if (top) register ^= 0x1021;
    }
  }
  return register.toString(16).toUpperCase().padStart(4, '0');
}

type Pairs = (readonly [id: string, value: string])[];

/** The objects of one level, or null where the text is not exactly made of them. */
export function oraclePairs(text: string): Pairs | null {
  const points = Array.from(text);
  const pairs: Pairs = [];
  while (points.length > 0) {
    const header = points.splice(0, 4).join('');
    if (!/^[0-9]{4}$/.test(header)) return null;
    const length = Number(header.slice(2));
    if (points.length < length) return null;
    pairs.push([header.slice(0, 2), points.splice(0, length).join('')]);
  }
  return pairs;
}

function isTemplate(id: string): boolean {
  return /^(2[6-9]|[34][0-9]|5[01]|62|64|[89][0-9])$/.test(id);
}

function hasRepeats(pairs: Pairs): boolean {
  return new Set(pairs.map(([id]) => id)).size !== pairs.length;
}

/** Whether the structure and the CRC of a payload hold; nested templates inside templates excepted. */
export function oracleAccepts(payload: string): boolean {
  if (Array.from(payload).length > 4096 || /\p{Surrogate}/u.test(payload)) return false;
  const pairs = oraclePairs(payload);
  if (pairs === null || pairs.length < 2 || hasRepeats(pairs)) return false;
  const [last, crc] = pairs[pairs.length - 1];
  if (pairs[0][0] !== '00' || last !== '63' || Array.from(crc).length !== 4) return false;
  if (oracleCrc(payload.slice(0, -4)) !== crc.toUpperCase()) return false;
  return pairs.every(([id, value]) => {
    const inner = isTemplate(id) ? oraclePairs(value) : null;
    return inner === null || !hasRepeats(inner);
  });
}

/** Writes objects in the order given and closes them with the CRC. */
export function oracleWrite(pairs: Pairs): string {
  const text = pairs.map(([id, value]) => id + String(Array.from(value).length).padStart(2, '0') + value).join('');
  return `${text}6304${oracleCrc(`${text}6304`)}`;
}
