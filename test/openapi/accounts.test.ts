// What the document says of merchant accounts, held against the codec's own list of members: a scheme or a member that
// comes, goes or changes its form fails here until the document follows.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import {
  decodeQr,
  encodeMerchantCode,
  type MerchantProfile,
  schemeMembers,
  schemeNames,
  validateMerchantAccount,
  validateMerchantProfile,
} from '../../src/qr';
import { schemeSamples } from '../qr/samples';

const { paths, components } = parse(readFileSync(join(__dirname, '../../src/openapi/payments.yaml'), 'utf8'));
const { description, properties } = components.schemas.MerchantAccount;
const examples: readonly (readonly [name: string, profile: MerchantProfile])[] = Object.entries<{ $ref: string }>(
  paths['/v1/merchants/{merchantId}'].put.requestBody.content['application/json'].examples,
).map(([name, { $ref }]) => [name, components.examples[$ref.split('/').pop()!].value]);

/** The list as it must stand in the description. */
function listOf(schemes: readonly string[]): string {
  return schemes.map((name) => [`- \`${name}\`${choiceOf(name)}`, ...membersOf(name)].join('\n')).join('\n');
}

function membersOf(name: string): string[] {
  const lines = schemeMembers(name).map(
    (member) => `  - \`${member.name}\`${member.isRequired ? ' (required)' : ''}: ${member.allowed}`,
  );
  return name === 'emv' ? [...lines, '  - `fields`: data objects by ID for "26" to "51", "00" being the GUID'] : lines;
}

/** What the codec says to an account that has its required members only. */
function choiceOf(scheme: string): string {
  const sample = schemeSamples.find((each) => each.scheme === scheme)!.accounts[0];
  const required = schemeMembers(scheme).filter(({ isRequired }) => isRequired);
  const account = Object.fromEntries(required.map(({ name }) => [name, sample[name]]));
  const [found] = validateMerchantAccount({ ...account, scheme });
  return found === undefined || found.path !== '' ? '' : `: ${found.message}`;
}

test('describes every member of every scheme, in the words of the codec', () => {
  expect(description.split('\n\n')[1].trim()).toBe(listOf(schemeNames));
});

test('names the schemes that there are', () => {
  expect(properties.scheme.enum).toEqual(schemeNames);
});

test('has an example of every scheme', () => {
  expect(new Set(examples.flatMap(([, { accounts }]) => accounts.map(({ scheme }) => scheme)))).toEqual(
    new Set(schemeNames),
  );
});

test.each(examples)('the example %s is a profile that codes can be made from', (_, profile) => {
  expect(validateMerchantProfile(profile)).toEqual([]);

  const encoded = encodeMerchantCode({ profile, initiation: 'static' });

  expect(encoded).toMatchObject({ ok: true });
  expect(decodeQr(encoded.ok ? encoded.payload : '')).toMatchObject({
    ok: true,
    qr: { scheme: profile.accounts[0].scheme, merchant: { name: profile.name } },
  });
});
