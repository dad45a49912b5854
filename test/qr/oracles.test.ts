// Other people's readers as oracles: promptparse on ASCII (structure and CRC of any scheme), pix-utils on Pix, ts-khqr on
// KHQR. Whatever one side takes and the other refuses is in a class of differences.ts, or the test fails.
// FUZZ_RUNS=100000 npx jest test/qr/oracles is the long run.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasError, isDynamicPix, isStaticPix, parsePix } from 'pix-utils';
import { parse } from 'promptparse';
import { KHQR } from 'ts-khqr';
import { type DecodedQr, decodeQr, encodeMerchantCode, type MerchantAccount } from '../../src/qr';
import { type Difference, refusedByPixUtils, refusedByTsKhqr, structural, text } from './differences';
import { mutantsOf } from './mutants';
import { oraclePairs } from './oracle';
import { createdAtMs, expiresAtMs, profileOf, schemeSamples } from './samples';

const runs = Number(process.env.FUZZ_RUNS ?? 5000);
const seed = Number(process.env.FUZZ_SEED ?? 20260815);
const vectors: readonly { payload: string; kind: string }[] = JSON.parse(
  readFileSync(join(__dirname, 'vectors/qr-payloads.json'), 'utf8'),
);
const merchantPresented = vectors.filter(({ kind }) => kind === 'mpm').map(({ payload }) => payload);

/** Codes that we make, of every account of every sample. */
const made = schemeSamples.flatMap((sample) =>
  sample.accounts.flatMap((account) =>
    (['static', 'dynamic'] as const)
      .filter((initiation) => sample.issues[initiation])
      .map((initiation) => ({ scheme: sample.scheme, account, initiation, ...make(sample, account, initiation) })),
  ),
);

function make(sample: (typeof schemeSamples)[number], account: MerchantAccount, initiation: 'static' | 'dynamic') {
  const value = 123_400;
  const order = { amount: { currency: sample.currency, value }, reference: 'ORDER42', createdAtMs, expiresAtMs };
  const profile = { ...profileOf(sample, account), name: 'Kopi Corner 6304' };
  const encoded = encodeMerchantCode({ profile, initiation, ...(initiation === 'dynamic' ? order : {}) });
  if (!encoded.ok) throw new Error(JSON.stringify(encoded.issues));
  const decoded = decodeQr(encoded.payload);
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.issues));
  return { payload: encoded.payload, qr: decoded.qr, name: profile.name, city: profile.city };
}

/** Payloads of a scheme: those published, those that we make, and mutants of both. */
function payloadsOf(isOfScheme: (payload: string) => boolean): string[] {
  const originals = [...merchantPresented, ...made.map(({ payload }) => payload)].filter(isOfScheme);
  const supply = mutantsOf(originals, seed);
  const mutants = Array.from({ length: runs }, () => supply.next().value as string);
  return [...originals, ...mutants];
}

function explain<T>(side: string, payload: string, of: T, classes: readonly Difference<T>[], seen: Set<string>): void {
  const found = classes.find(({ holds }) => holds(of));
  if (found === undefined) throw new Error(`only ${side} takes ${JSON.stringify(payload)}`);
  seen.add(found.reason);
}

describe('promptparse', () => {
  /** Without these it would not come back: such a length moves it backwards or nowhere. */
  const isSafe = (payload: string) => !/-[4-9]/.test(payload);
  const payloads = payloadsOf((payload) => /^[\x20-\x7e]*$/.test(payload)).filter(isSafe);

  test(`the same verdict and the same values on ${payloads.length} payloads`, () => {
    const seen = new Set<string>();
    let taken = 0;
    for (const payload of payloads) {
      const ours = decodeQr(payload);
      const theirs = parse(payload, true);
      if (ours.ok) {
        if (theirs === null) throw new Error(`only we take ${JSON.stringify(payload)}`);
        expect(rootText(theirs.getTags())).toEqual(rootText(expand(ours.qr.fields, payload)));
        taken++;
      } else if (theirs !== null) explain('promptparse', payload, payload, structural, seen);
    }
    expect(taken).toBeGreaterThan(payloads.length / 10);
    expect(seen.size).toBeGreaterThan(3);
  });

  test.each(made.filter(({ payload }) => isSafe(payload) && /^[\x20-\x7e]*$/.test(payload)))(
    'reads what we make: $scheme, $initiation, $account',
    ({ payload, qr, name, city }) => {
      const theirs = parse(payload, true);

      expect(theirs?.getTagValue('59')).toBe(name);
      expect(theirs?.getTagValue('60')).toBe(city);
      expect(theirs?.getTagValue('54')).toBe(text(qr.fields, '54'));
      for (const [id, value] of Object.entries(qr.fields)) {
        if (typeof value === 'string') continue;
        for (const [subId, inner] of Object.entries(value)) {
          if (typeof inner === 'string')
            expect([id, subId, theirs?.getTagValue(id, subId)]).toEqual([id, subId, inner]);
        }
      }
    },
  );
});

/** IDs and values in the order of the payload. */
function rootText(tags: readonly { id: string; value: string }[]): string[] {
  return tags.map(({ id, value }) => `${id}=${value}`);
}

/** Our fields as text in the payload's order; templates are written out again. */
function expand(fields: DecodedQr['fields'], payload: string): { id: string; value: string }[] {
  const list: { id: string; value: string }[] = [];
  for (let at = 0; at < payload.length; ) {
    const id = payload.slice(at, at + 2);
    const length = Number(payload.slice(at + 2, at + 4));
    const value = fields[id];
    list.push({
      id,
      value: typeof value === 'string' ? value : written(value, payload.slice(at + 4, at + 4 + length)),
    });
    at += 4 + length;
  }
  return list;
}

/** A template's objects, put together in the order in which `original` has them. */
function written(template: DecodedQr['fields'], original: string): string {
  let result = '';
  while (result.length < original.length) {
    const id = original.slice(result.length, result.length + 2);
    const value = template[id];
    const length = Number(original.slice(result.length + 2, result.length + 4));
    const start = result.length + 4;
    const inner = typeof value === 'string' ? value : written(value, original.slice(start, start + length));
    result += id + String(inner.length).padStart(2, '0') + inner;
  }
  return result;
}

describe('pix-utils', () => {
  const payloads = payloadsOf((payload) => /br\.gov\.bcb\.(pix|spi)/i.test(payload));
  const read = (payload: string) => {
    try {
      const pix = parsePix(payload);
      return hasError(pix) || !('merchantName' in pix) ? undefined : pix;
    } catch {
      return undefined; // a TypeError where something is missing
    }
  };

  test(`the same verdict and the same values on ${payloads.length} payloads`, () => {
    const seen = new Set<string>();
    let taken = 0;
    for (const payload of payloads) {
      const ours = decodeQr(payload);
      const theirs = read(payload);
      if (ours.ok && theirs !== undefined) {
        const { fields } = ours.qr;
        expect(theirs.merchantName).toBe(fields['59']);
        expect(theirs.merchantCity).toBe(fields['60']);
        const unread = ['26', '62'].filter((id) => typeof fields[id] === 'string');
        if (unread.length > 0) {
          // A length such as "+4" inside a template: it takes that for a number, we return the text with a warning.
          const warned = ours.qr.warnings.filter(({ code }) => code === 'template_invalid' || code === 'empty_value');
          expect(warned.map(({ path }) => path)).toEqual(expect.arrayContaining(unread));
        } else if (isStaticPix(theirs)) {
          expect(theirs.pixKey).toBe(text(fields, '26', '01'));
          expect(theirs.txid).toBe(text(fields, '62', '05'));
          // It takes every amount for one of reais.
          if (ours.qr.amount?.currency === 'BRL')
            expect(Math.round(theirs.transactionAmount! * 100)).toBe(ours.qr.amount.value);
        } else if (isDynamicPix(theirs)) expect(theirs.url).toBe(text(fields, '26', '25'));
        taken++;
      } else if (ours.ok) explain('we', payload, { payload, qr: ours.qr }, refusedByPixUtils, seen);
      else if (theirs !== undefined) explain('pix-utils', payload, payload, structural, seen);
    }
    expect(taken).toBeGreaterThan(payloads.length / 10);
    expect(seen.size).toBeGreaterThan(5);
  });

  test.each(made.filter(({ scheme }) => scheme === 'pix'))('reads what we make: $initiation, $account', (code) => {
    const theirs = read(code.payload);

    expect([theirs?.merchantName, theirs?.merchantCity]).toEqual([code.name, code.city]);
    if (theirs !== undefined && isStaticPix(theirs)) {
      expect(theirs.pixKey).toBe(code.account.key);
      expect(theirs.infoAdicional).toBe(code.account.information);
      expect(theirs.transactionAmount).toBe(code.initiation === 'dynamic' ? 1234 : 0);
    } else if (theirs !== undefined && isDynamicPix(theirs)) expect(theirs.url).toBe(code.account.url);
    else throw new Error('is no Pix code to pix-utils');
  });
});

describe('ts-khqr', () => {
  const isKhqr = (payload: string) => {
    const decoded = decodeQr(payload);
    return /(29|30)..00..[^@]{1,31}@/.test(payload) || (decoded.ok && decoded.qr.scheme === 'khqr');
  };
  /** Without these it would not come back: a length inside a template that is no number moves it nowhere. */
  const isSafe = (payload: string) =>
    oraclePairs(payload)?.every(([id, value]) => !/^(29|30|62|64|99)$/.test(id) || isWalkable(value)) ?? false;
  const isWalkable = (rest: string): boolean => {
    if (rest === '') return true;
    const length = Number(rest.slice(2, 4));
    return length >= 0 && isWalkable(rest.slice(4 + length));
  };
  const payloads = payloadsOf((payload) => payload.includes('5802KH') && isKhqr(payload)).filter(isSafe);

  /** It refuses what has expired: here it is 2020, before any of these codes. */
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2020, 0, 1));
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  // It verifies as strictly as we write, and reads less strictly than we do: valid there means readable here, and what
  // has no warning here is valid there.
  test(`the same verdict and the same values on ${payloads.length} payloads`, () => {
    const seen = new Set<string>();
    let taken = 0;
    for (const payload of payloads) {
      const ours = decodeQr(payload);
      const isValid = KHQR.verify(payload).isValid;
      const isClean = ours.ok && ours.qr.scheme === 'khqr' && ours.qr.warnings.length === 0;
      if (isClean && isValid) {
        const theirs = KHQR.parse(payload).data!;
        const id = ours.qr.fields['30'] === undefined ? '29' : '30';
        expect(theirs.bakongAccountID).toBe(text(ours.qr.fields, id, '00'));
        expect(theirs.merchantName).toBe(ours.qr.fields['59']);
        expect(theirs.merchantCity).toBe(ours.qr.fields['60']);
        expect(theirs.transactionAmount ?? undefined).toBe(ours.qr.fields['54']);
        taken++;
      } else if (isClean) explain('we', payload, { payload, qr: ours.qr }, refusedByTsKhqr, seen);
      else if (isValid && !ours.ok) explain('ts-khqr', payload, payload, structural, seen);
    }
    expect(taken).toBeGreaterThan(payloads.length / 20);
    expect(seen.size).toBeGreaterThan(3);
  });

  test.each(made.filter(({ scheme }) => scheme === 'khqr'))('reads what we make: $initiation, $account', (code) => {
    const theirs = KHQR.parse(code.payload).data!;

    expect(KHQR.verifyDetail(code.payload).status).toMatchObject({ code: 0 });
    expect([theirs.bakongAccountID, theirs.merchantName]).toEqual([code.account.bakongId, code.name]);
    expect(theirs.merchantID ?? undefined).toBe(code.account.merchantId);
    expect(theirs.transactionAmount ?? undefined).toBe(code.initiation === 'dynamic' ? '1234' : undefined);
  });
});
