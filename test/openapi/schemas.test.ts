// What the schemas of the OpenAPI document take and refuse, at the bounds of the contract.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { parse } from 'yaml';

interface Document {
  components: { examples: { [name: string]: { value: { merchant?: object; accounts?: object[] } } } };
}

const document: Document = parse(readFileSync(join(__dirname, '../../src/openapi/payments.yaml'), 'utf8'));
const schemas = new Ajv({ strict: false, validateFormats: false }).addSchema(document, 'openapi');

function accepts(schema: string, value: unknown): boolean {
  return schemas.compile({ $ref: `openapi#/components/schemas/${schema}` })(value) === true;
}

describe('schemas', () => {
  const amount = { currency: 'SGD', value: 1250 };
  const create = { amount, reference: 'order-1' };
  const [profile, decoded] = ['MerchantProfile', 'DecodedDynamicQr'].map(
    (name) => document.components.examples[name].value as { merchant?: object; accounts?: object[] },
  );

  test.each<[string, unknown]>([
    ['Amount', { currency: 'JPY', value: 1 }],
    ['Amount', { currency: 'IDR', value: 1e12 }],
    ['Total', { currency: 'SGD', value: 0 }],
    ['CreatePaymentRequest', create],
    ['CreatePaymentRequest', { ...create, expiresInSeconds: 86400, metadata: { a: '' }, description: '€'.repeat(140) }],
    ['CreatePaymentRequest', { ...create, reference: '😀'.repeat(64) }],
    ['AuthorizePaymentRequest', { payer: { token: 't' } }],
    ['CapturePaymentRequest', {}],
    ['RefundPaymentRequest', { amount, reason: 'cold' }],
    ['CancelPaymentRequest', {}],
    ['MerchantProfile', { ...profile, local: { language: 'zh', name: '咖啡角' } }],
    ['MerchantProfile', { ...profile, accounts: Array(20).fill({ scheme: 'pix', key: 'a@b.example' }) }],
    ['EncodeQrRequest', { fields: { '62': { '50': { '00': 'com.example' } } } }],
    ['DecodeQrRequest', { payload: '' }],
    ['DecodedQr', { ...decoded, initiation: null, scheme: null, amount: null, paymentId: null }],
    ['PaymentKey', `pay_${'a'.repeat(26)}local`],
  ])('%s takes %j', (schema, value) => {
    expect(accepts(schema, value)).toBe(true);
  });

  test.each<[string, unknown]>([
    ['Amount', { currency: 'SGD', value: 0 }],
    ['Amount', { currency: 'SGD', value: 1e12 + 1 }],
    ['Amount', { currency: 'SGD', value: 12.5 }],
    ['Amount', { currency: 'SGD', value: '1250' }],
    ['Amount', { currency: 'sgd', value: 1250 }],
    ['Amount', { currency: 'SGD', value: 1250, scale: 2 }],
    ['Total', { currency: 'SGD', value: -1 }],
    ['CreatePaymentRequest', { amount }],
    ['CreatePaymentRequest', { ...create, reference: '' }],
    ['CreatePaymentRequest', { ...create, reference: 'x'.repeat(65) }],
    ['CreatePaymentRequest', { ...create, captureMethod: 'later' }],
    ['CreatePaymentRequest', { ...create, expiresInSeconds: 59 }],
    ['CreatePaymentRequest', { ...create, expiresInSeconds: 86401 }],
    ['CreatePaymentRequest', { ...create, description: 'x'.repeat(141) }],
    ['CreatePaymentRequest', { ...create, metadata: { a: 1 } }],
    ['CreatePaymentRequest', { ...create, metadata: { a: 'x'.repeat(201) } }],
    ['CreatePaymentRequest', { ...create, metadata: Object.fromEntries(Array.from(Array(21), (_, n) => [n, ''])) }],
    ['CreatePaymentRequest', { ...create, merchantId: 'm_other' }],
    ['AuthorizePaymentRequest', {}],
    ['AuthorizePaymentRequest', { payer: { token: '' } }],
    ['AuthorizePaymentRequest', { payer: { token: 'x'.repeat(257) } }],
    ['AuthorizePaymentRequest', { payer: { token: 't', pan: '1' } }],
    ['AuthorizePaymentRequest', { payer: { token: 't' }, qrPayload: 'x'.repeat(4097) }],
    ['CapturePaymentRequest', { reason: 'no' }],
    ['RefundPaymentRequest', { reason: 'x'.repeat(141) }],
    ['CancelPaymentRequest', { reason: 'no' }],
    ['MerchantProfile', { ...profile, name: 'x'.repeat(26) }],
    ['MerchantProfile', { ...profile, name: '咖啡角' }],
    ['MerchantProfile', { ...profile, city: 'x'.repeat(16) }],
    ['MerchantProfile', { ...profile, mcc: '58' }],
    ['MerchantProfile', { ...profile, accounts: [] }],
    ['MerchantProfile', { ...profile, accounts: Array(21).fill({ scheme: 'pix' }) }],
    ['MerchantProfile', { ...profile, accounts: [{ template: '26' }] }],
    ['MerchantProfile', { ...profile, id: 'm_other' }],
    ['MerchantProfile', { ...profile, local: { language: 'zho', name: '咖啡角' } }],
    ['MerchantId', 'a/b'],
    ['EncodeQrRequest', { payload: '00' }],
    ['DecodeQrRequest', {}],
    ['DecodedQr', { ...decoded, initiation: 'neither' }],
    ['DecodedQr', { ...decoded, amount: { currency: 'SGD' } }],
    ['PaymentKey', 'pay_1'],
    ['OperationId', `pay_${'a'.repeat(26)}euw1.sale.0`],
    ['Problem', { type: 'about:blank', title: '', status: 400, detail: '', code: 'other', requestId: '' }],
  ])('%s refuses %j', (schema, value) => {
    expect(accepts(schema, value)).toBe(false);
  });
});
