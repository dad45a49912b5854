/** What a bank's reply says about an operation, if it can be believed: whole, about this operation, and about a sound amount. */
import type { BankAnswer, BankOperation, BankRecord } from '../../app/ports';
import { LIMITS } from '../../domain/limits';
import type { Amount } from '../../domain/money';

const UNKNOWN: BankAnswer = { result: 'unknown' };
const CODE_LENGTH = 64;

/** @param text of a 200 */
export function readAnswer(text: string, { opKey, amount }: BankOperation): BankAnswer {
  const body = parse(text);
  if (body === undefined) return UNKNOWN;
  const { result, code, connectorReference } = body;
  if (result !== 'approved' && result !== 'declined') return UNKNOWN;
  if (body.opKey !== opKey || !isAmount(body.amount)) return { result: 'mismatch' };
  const { currency, value } = body.amount;
  const record: BankRecord = {
    result,
    code: short(code),
    reference: short(connectorReference),
    amount: { currency, value },
  };
  if (currency !== amount.currency || value !== amount.value) return { result: 'mismatch', record };
  return { result, code: record.code, reference: record.reference };
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && !isDeep(text) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]]/g;

/** Of a text that is JSON. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    if (depth > LIMITS.bodyDepth) return true;
  }
  return false;
}

function isAmount(value: unknown): value is Amount {
  if (!isObject(value)) return false;
  return typeof value.currency === 'string' && Number.isSafeInteger(value.value) && Number(value.value) >= 1;
}

/** The bank's own words go into the item: bounded, and nothing where it says nothing. */
function short(text: unknown): string {
  return typeof text === 'string' ? text.slice(0, CODE_LENGTH) : '';
}
