/**
 * JSON as RFC 8259 would have it between careful parties: UTF-8 only, no member twice, no `__proto__`, bounded depth, no lone surrogates.
 * JSON.parse takes the last of two equal members; a proxy may have looked at the first.
 */
import { Problem } from '../domain/errors';
import { LIMITS } from '../domain/limits';

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** @throws Problem `invalid-json` */
export function parseStrictJson(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  const value = parse(text);
  checkStructure(text);
  return value;
}

function decode(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch (cause) {
    throw new Problem('invalid-json', 'The body is not valid UTF-8.', { cause });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the body, which may hold what must not be shown.
    throw new Problem('invalid-json', 'The body is not one JSON value as in RFC 8259.');
  }
}

/** Walks a text that JSON.parse has already taken, so every token is known to be well formed. */
function checkStructure(text: string): void {
  const open: (Set<string> | undefined)[] = []; // member names of the objects around; undefined for an array
  let nameNext = false;
  // Without escapes a string is what stands between its marks, and is well formed since UTF-8 was. Few bodies have any.
  const hasEscapes = text.includes('\\');
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case 0x7b: // {
      case 0x5b: {
        const isObject = text.charCodeAt(i) === 0x7b;
        if (open.length >= LIMITS.bodyDepth)
          throw new Problem('invalid-json', `The body nests deeper than ${LIMITS.bodyDepth} levels.`);
        open.push(isObject ? new Set() : undefined);
        nameNext = isObject;
        break;
      }
      case 0x7d: // }
      case 0x5d: // ]
        open.pop();
        nameNext = false;
        break;
      case 0x2c: // ,
        nameNext = open.at(-1) !== undefined;
        break;
      case 0x22: {
        const end = hasEscapes ? endOfString(text, i) : text.indexOf('"', i + 1);
        const names = nameNext ? open.at(-1) : undefined;
        if (hasEscapes) checkString(JSON.parse(text.slice(i, end + 1)), names);
        else if (names !== undefined) checkString(text.slice(i + 1, end), names);
        nameNext = false;
        i = end;
        break;
      }
    }
  }
}

function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (text.charCodeAt(i) !== 0x22) i += text.charCodeAt(i) === 0x5c ? 2 : 1;
  return i;
}

function checkString(value: string, names: Set<string> | undefined): void {
  if (!value.isWellFormed()) throw new Problem('invalid-json', 'A string holds half of a surrogate pair.');
  if (names === undefined) return;
  if (value === '__proto__') throw new Problem('invalid-json', 'A member is named __proto__.');
  if (names.has(value)) throw new Problem('invalid-json', 'An object has the same member twice.');
  names.add(value);
}
