// Pix, Brazil: static codes with a Pix key (26/01) and dynamic ones with the address of the charge (26/25), never both;
// recurring consents (Pix Automático) in template 80. GUID br.gov.bcb.pix (br.gov.bcb.spi in older codes). Source:
// Banco Central do Brasil, Manual de Padrões para Iniciação do Pix (BR Code).

import { issue, type QrIssue } from '../issues';
import type { QrFields } from '../types';
import {
  exactlyOne,
  fieldText,
  type Member,
  type MerchantAccount,
  present,
  rule,
  type Scheme,
  type SchemeCode,
  templateIssues,
  textOf,
  writeTemplate,
} from './scheme';

export interface PixAccount extends MerchantAccount {
  readonly scheme: 'pix';
  /** CPF, CNPJ, +55 telephone number, e-mail address or random key (UUID). One of `key` and `url`. */
  readonly key?: string;
  /** Address of a charge at the payee's institution, without https://. */
  readonly url?: string;
  /** Free text for the payer, with a key only. */
  readonly information?: string;
  /** ISPB of the withdrawal facilitator, eight digits. */
  readonly withdrawalIspb?: string;
  /** CEP, eight digits. */
  readonly postalCode?: string;
}

const guid = 'br.gov.bcb.pix';
const uuid = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const key = new RegExp(`^([0-9]{11}|[0-9A-Z]{12}[0-9]{2}|\\+[1-9][0-9]{9,14}|${uuid}|(?=.{3,77}$)[^\\s@]+@[^\\s@]+)$`);
const txid = /^[A-Za-z0-9]{1,25}$/;

const members: readonly Member[] = [
  { name: 'key', at: '01', pattern: key, allowed: 'a CPF, CNPJ, telephone number (+55...), e-mail address or UUID' },
  { name: 'information', at: '02', pattern: /^[\x20-\x7e]{1,72}$/, allowed: '1 to 72 printable ASCII characters' },
  { name: 'withdrawalIspb', at: '03', pattern: /^[0-9]{8}$/, allowed: 'an ISPB of eight digits' },
  {
    name: 'url',
    at: '25',
    pattern: /^(?!https?:)[A-Za-z0-9.-]+(:[0-9]+)?\/[\x21-\x7e]{1,75}$/,
    allowed: 'host/path of at most 77 characters, without https://',
  },
  { name: 'postalCode', pattern: /^[0-9]{8}$/, allowed: 'a CEP of eight digits' },
];

export const pix: Scheme = {
  name: 'pix',
  guids: [guid, 'br.gov.bcb.spi'],
  country: 'BR',
  currencies: ['BRL'],
  reference: txid,
  members,
  check,
  build: (account, order) => ({
    accounts: [{ id: '26', value: writeTemplate(guid, account, members) }],
    additional: { '05': account.url === undefined ? (order.reference ?? '***') : '***' },
    root: present({ '61': textOf(account, 'postalCode') }),
  }),
  rules,
};

function check(account: MerchantAccount): QrIssue[] {
  const issues = exactlyOne(account, ['key', 'url']);
  if ((textOf(account, 'url')?.length ?? 0) > 77)
    issues.push(issue('url', 'length_invalid', 'has at most 77 characters'));
  const written = Object.values(writeTemplate(guid, account, members));
  const length = written.reduce((total, value) => total + 4 + value.length, 0);
  if (length > 99) {
    const fix = 'shorten the information';
    issues.push(issue('information', 'length_invalid', `key and information take ${length} of 99 characters; ${fix}`));
  }
  return issues;
}

function rules({ fields, at, template }: SchemeCode): QrIssue[] {
  const issues = templateIssues(at, template, members);
  if (template['01'] !== undefined && template['25'] !== undefined) {
    issues.push(rule(`${at}/25`, 'a code has a key (01) or the address of a charge (25), not both'));
  } else if (template['01'] === undefined && template['25'] === undefined && !isRecurrence(fields)) {
    issues.push(rule(`${at}/01`, 'a key (01) or the address of a charge (25) is required'));
  }
  const reference = fieldText(fields, '62', '05');
  if (reference !== '***' && (reference === undefined || !txid.test(reference))) {
    issues.push(rule('62/05', 'the transaction id must be 1 to 25 letters and digits, or "***"'));
  }
  return issues;
}

/** A consent to be paid again and again: the address of that stands in an unreserved template. */
function isRecurrence(fields: QrFields): boolean {
  return Object.keys(fields).some((id) => id >= '80' && fieldText(fields, id, '25') !== undefined);
}
