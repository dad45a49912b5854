// Every published payload of vectors/qr-payloads.json: what must be read is read to the last field, what must not is
// refused, and strict validity is mapped to warnings.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeQr, encodeFields, type IssueCode, type QrFields } from '../../src/qr';

interface CpmObject {
  readonly tag: string;
  readonly hex: string;
  readonly children?: readonly CpmObject[];
}

interface Vector {
  readonly payload: string;
  readonly source: string;
  readonly scheme: string;
  readonly kind: 'mpm' | 'cpm' | 'text' | 'uri';
  readonly valid: boolean;
  readonly decodable?: boolean;
  readonly expect?: { readonly [name: string]: unknown };
  readonly nested?: { readonly [id: string]: { readonly [id: string]: string } };
}

interface CpmVector {
  readonly payload: string;
  readonly source: string;
  readonly kind: string;
  readonly valid: boolean;
  readonly decodable?: boolean;
  readonly expect?: readonly CpmObject[];
}

const text = readFileSync(join(__dirname, 'vectors/qr-payloads.json'), 'utf8');
const vectors: readonly Vector[] = JSON.parse(text);
const cpmVectors: readonly CpmVector[] = JSON.parse(text);
const numbered = vectors.map((vector, n) => ({ ...vector, title: `${n} ${vector.scheme}: ${vector.source}` }));

/**
 * Codes that a strictly valid code may bring. `valid` in the vectors is EMVCo's own syntax; these are what a scheme asks on top,
 * what a scheme does against EMVCo, and what EMVCo only advises against.
 */
const besidesValidity: ReadonlySet<IssueCode> = new Set([
  'scheme_rule',
  'scheme_practice',
  'crc_lower_case',
  'amount_precision',
]);
/** QRIS code with a number where 62/50-99 must be a template: the vectors' own checker does not look inside 62/50-99. */
const unchecked = ['62/60:template_invalid'];

/** A template is compared as the text that it was read from. */
function textOf(value: string | QrFields | undefined): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  return undefined;
}

function contains(written: string, template: QrFields): boolean {
  return Object.entries(template).every(([id, value]) => {
    if (typeof value !== 'string') return written.includes(id);
    return written.includes(id + String([...value].length).padStart(2, '0') + value);
  });
}

describe('merchant-presented', () => {
  const readable = numbered.filter((vector) => vector.kind === 'mpm' && vector.decodable);

  test.each(readable)('$title', ({ payload, expect: root = {}, nested = {} }) => {
    const result = decodeQr(payload);

    if (!result.ok) throw new Error(JSON.stringify(result.issues));
    const { fields } = result.qr;
    expect(Object.keys(fields).sort()).toEqual(Object.keys(root).sort());
    for (const [id, written] of Object.entries(root)) {
      const value = fields[id];
      if (typeof value === 'string') expect(value).toBe(written);
      else expect(contains(String(written), value)).toBe(true);
    }
    for (const [id, objects] of Object.entries(nested)) {
      const template = fields[id];
      if (template === undefined || typeof template === 'string') throw new Error(`${id} is no template`);
      expect(Object.keys(template).sort()).toEqual(Object.keys(objects).sort());
      for (const [subId, written] of Object.entries(objects)) {
        const value = textOf(template[subId]);
        if (value !== undefined) expect(value).toBe(written);
      }
    }
  });

  test.each(readable.filter((vector) => vector.valid))('valid, no warning: $title', ({ payload }) => {
    const result = decodeQr(payload);

    const warnings = result.ok ? result.qr.warnings : [{ path: '', code: 'truncated', message: '' } as const];
    const severe = warnings.filter(({ code }) => !besidesValidity.has(code)).map(({ path, code }) => `${path}:${code}`);
    expect(severe.filter((found) => !unchecked.includes(found))).toEqual([]);
  });

  test.each(readable.filter((vector) => !vector.valid))('invalid, a warning: $title', ({ payload }) => {
    const result = decodeQr(payload);

    expect(result.ok && result.qr.warnings.length).toBeGreaterThan(0);
  });

  test.each(readable.filter((vector) => !vector.valid))('invalid, not written: $title', ({ payload }) => {
    const result = decodeQr(payload);
    if (!result.ok) throw new Error('not readable');
    const { '63': _, ...fields } = result.qr.fields;

    expect(encodeFields(fields).ok).toBe(false);
  });

  test('valid ones are written again as the same fields', () => {
    let written = 0;
    for (const { payload } of readable.filter((vector) => vector.valid)) {
      const first = decodeQr(payload);
      if (!first.ok) throw new Error('not readable');
      const { '63': _, ...fields } = first.qr.fields;
      const encoded = encodeFields(fields);
      if (!encoded.ok) {
        expect(encoded.issues.every(({ code }) => besidesValidity.has(code) || code === 'template_invalid')).toBe(true);
        continue;
      }
      const second = decodeQr(encoded.payload);
      expect(second.ok && { ...second.qr.fields, '63': '' }).toEqual({ ...fields, '63': '' });
      written++;
    }
    // The others break a rule of their scheme, such as KHQR codes from before the expiry became mandatory.
    expect(written).toBeGreaterThanOrEqual(68);
  });
});

test.each(numbered.filter((vector) => vector.decodable === false))('refused: $title', ({ payload }) => {
  const result = decodeQr(payload);

  expect(result.ok).toBe(false);
});

describe('consumer-presented', () => {
  const readable = cpmVectors.filter((vector) => vector.kind === 'cpm' && vector.decodable);
  const masked = new Set(['57', '5A']);

  test.each(readable)('$source', ({ payload, valid, expect: objects = [] }) => {
    const result = decodeQr(payload);

    if (!result.ok) throw new Error(JSON.stringify(result.issues));
    expect(result.qr.warnings.length > 0).toBe(!valid);
    const seen = new Map<string, number>();
    for (const { tag, hex, children } of objects) {
      const count = (seen.get(tag) ?? 0) + 1;
      seen.set(tag, count);
      const value = result.qr.fields[count === 1 ? tag : `${tag}-${count}`];
      if (children === undefined) expect(value).toBe(hex);
      for (const child of children ?? []) {
        const inner = typeof value === 'object' ? value[child.tag] : undefined;
        if (masked.has(child.tag)) expect(inner).toMatch(/^[0-9]{6}\*+[0-9]{4}$/);
        else expect(inner).toBe(child.hex);
      }
    }
  });
});

describe('text and links', () => {
  const texts = numbered.filter((vector) => vector.kind === 'text' || vector.kind === 'uri');

  test.each(texts)('$title', ({ payload, valid, expect: elements = {} }) => {
    const result = decodeQr(payload);

    expect(result.ok).toBe(valid);
    if (!result.ok) return;
    for (const [name, value] of Object.entries(elements)) {
      const field = result.qr.fields[name];
      expect(typeof field === 'string' ? field : Object.values(field)).toEqual(value);
    }
  });
});

test('every vector is judged above', () => {
  const kinds = vectors.map(({ kind, decodable, valid }) => (kind === 'mpm' || kind === 'cpm' ? decodable : valid));

  expect(vectors).toHaveLength(200);
  expect(kinds.filter((right) => typeof right === 'boolean')).toHaveLength(200);
});
