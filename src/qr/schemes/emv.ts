// Any merchant account of merchant-presented mode that no scheme below describes: card networks (02 to 25) and
// templates under a reverse domain or AID (26 to 51). No GUID of its own. Source: EMVCo MPM, sections 4.7.4 to 4.7.8.

import { isPrintable } from '../characters';
import { issue, type QrIssue } from '../issues';
import type { QrFields } from '../types';
import { type MerchantAccount, referenceLabel, type Scheme, textOf } from './scheme';

export interface EmvAccount extends MerchantAccount {
  readonly scheme: 'emv';
  /** ID of the object, "02" to "51". */
  readonly template: string;
  /** The template's objects, for IDs 26 to 51: "00" is the GUID. */
  readonly fields?: QrFields;
  /** The account number, for IDs 02 to 25. */
  readonly value?: string;
}

export const emv: Scheme = {
  name: 'emv',
  guids: [],
  reference: referenceLabel,
  members: [
    { name: 'template', pattern: /^(0[2-9]|[1-4][0-9]|5[01])$/, allowed: 'an ID from "02" to "51"', required: true },
    { name: 'value', pattern: /^[\x20-\x7e]{1,99}$/, allowed: '1 to 99 printable ASCII characters' },
  ],
  check: checkAccount,
  build: (account, order) => ({
    accounts: [{ id: textOf(account, 'template') ?? '', value: account.fields ?? textOf(account, 'value') ?? '' }],
    additional: order.reference === undefined ? undefined : { '05': order.reference },
  }),
  rules: () => [],
};

function checkAccount(account: MerchantAccount): QrIssue[] {
  const isPrimitive = (textOf(account, 'template') ?? '') < '26';
  const [wanted, other] = isPrimitive ? ['value', 'fields'] : ['fields', 'value'];
  const issues: QrIssue[] = [];
  if (account[wanted] === undefined) {
    issues.push(issue(wanted, 'missing_required', `template ${account.template} is described by "${wanted}"`));
  }
  if (account[other] !== undefined) {
    issues.push(issue(other, 'not_allowed', `template ${account.template} has no "${other}"`));
  }
  if (!isPrimitive && account.fields !== undefined) issues.push(...checkFields(account.fields));
  return issues;
}

function checkFields(fields: string | QrFields): QrIssue[] {
  if (typeof fields === 'string') return [issue('fields', 'value_invalid', 'must be an object of two-digit IDs')];
  const issues: QrIssue[] = [];
  const guid = fields['00'];
  if (typeof guid !== 'string' || guid.length < 1 || guid.length > 32) {
    issues.push(issue('fields/00', 'guid_missing', 'must be a GUID of 1 to 32 characters'));
  }
  let total = 0;
  for (const [id, value] of Object.entries(fields).slice(0, 100)) {
    const fits = typeof value === 'string' && value.length > 0 && isPrintable(value);
    if (!/^[0-9]{2}$/.test(id)) issues.push(issue('fields', 'value_invalid', 'IDs are two digits'));
    else if (!fits) issues.push(issue(`fields/${id}`, 'value_invalid', 'must be printable ASCII and not empty'));
    else total += 4 + value.length;
  }
  if (total > 99) issues.push(issue('fields', 'length_invalid', `takes ${total} characters, at most 99 are allowed`));
  return issues;
}
