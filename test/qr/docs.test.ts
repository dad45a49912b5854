// docs/qr-codes.md and the README's section say what the codec does: every example is run, every code is listed.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  decodeQr,
  encodeMerchantCode,
  issueCodes,
  type MerchantAccount,
  type MerchantProfile,
  schemeNames,
  validateMerchantProfile,
} from '../../src/qr';
import { profileOf, schemeSamples } from './samples';

const read = (file: string) => readFileSync(join(__dirname, '../..', file), 'utf8');
const page = read('docs/qr-codes.md');

/** The blocks of one section, by language. */
function blocks(section: string, language: string): string[] {
  return [...section.matchAll(/^```(\w+)\n([\s\S]*?)\n```$/gm)]
    .filter(([, found]) => found === language)
    .map(([, , text]) => text);
}

function sectionOf(text: string, heading: string): string {
  const found = text.split(/^## /m).find((section) => section.startsWith(heading));
  if (found === undefined) throw new Error(`there is no section ${heading}`);
  return found;
}

const schemes = sectionOf(page, 'Schemes')
  .split(/^### /m)
  .slice(1)
  .map((section) => ({ name: /^`(\w+)`/.exec(section)![1], section }));

test('has a section for every scheme', () => {
  expect(schemes.map(({ name }) => name).sort()).toEqual([...schemeNames].sort());
});

test.each(schemes)('$name: the profile makes the payload, the payload reads as the profile', ({ name, section }) => {
  const profile: MerchantProfile = JSON.parse(blocks(section, 'json')[0]);
  const [payload] = blocks(section, 'text');

  expect(validateMerchantProfile(profile)).toEqual([]);
  expect(encodeMerchantCode({ profile, scheme: name, initiation: 'static' })).toEqual({ ok: true, payload });
  expect(decodeQr(payload)).toMatchObject({
    ok: true,
    qr: { scheme: name, initiation: 'static', merchant: { name: profile.name, country: profile.country } },
  });
});

test('says of which schemes only static codes can be made', () => {
  const listed = [...sectionOf(page, 'What cannot be made').matchAll(/^- `(\w+)`/gm)].map(([, name]) => name);

  expect(listed.sort()).toEqual(
    schemeSamples
      .filter(({ issues }) => !issues.dynamic)
      .map(({ scheme }) => scheme)
      .sort(),
  );
});

test('lists every issue code once, and no other', () => {
  const listed = [...sectionOf(page, 'Errors and warnings').matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code);

  expect(listed.sort()).toEqual([...issueCodes].sort());
});

test('the modes are told as they are read', () => {
  const examples = [...sectionOf(page, 'What is read').matchAll(/^\| `([\w-]+)` \|/gm)].map(([, mode]) => mode);

  expect(examples).toEqual(['merchant-presented', 'consumer-presented', 'epc', 'swiss', 'upi']);
});

test('says what each answer about authenticity means', () => {
  const listed = [...sectionOf(page, 'Is a code ours?').matchAll(/^\| `(\w+)` \| \w/gm)].map(([, answer]) => answer);
  const { components } = JSON.parse(read('assets/openapi.json'));

  expect(listed).toEqual(components.schemas.DecodedQr.properties.authenticity.enum);
});

describe('the README', () => {
  const section = sectionOf(read('README.md'), 'QR codes');
  const accounts: MerchantAccount[] = [...section.matchAll(/^\| .+ \| `(\{.*\})` \|$/gm)].map(([, text]) =>
    JSON.parse(text),
  );

  test('has a payload that reads as it says', () => {
    const [payload] = [...section.matchAll(/000201[^"']*6304[0-9A-F]{4}/g)].map(([text]) => text);
    const [profile] = [...section.matchAll(/"merchant": (\{.*\}), "scheme"/g)].map(([, text]) => JSON.parse(text));

    expect(encodeMerchantCode({ profile, scheme: 'pix', initiation: 'static' })).toEqual({ ok: true, payload });
  });

  test('has one account of every scheme', () => {
    expect(accounts.map(({ scheme }) => scheme).sort()).toEqual([...schemeNames].sort());
  });

  test.each(accounts)('$scheme: the account makes a code that reads as its scheme', (account) => {
    const sample = schemeSamples.find(({ scheme }) => scheme === account.scheme)!;

    const encoded = encodeMerchantCode({ profile: profileOf(sample, account), initiation: 'static' });

    expect(decodeQr(encoded.ok ? encoded.payload : '')).toMatchObject({ ok: true, qr: { scheme: account.scheme } });
  });
});
