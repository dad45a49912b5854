/**
 * `MERCHANTS`: a JSON list of merchants to start with, each the body of `PUT /v1/merchants/{merchantId}` and its `id`, checked as that
 * operation checks it. What is wrong is told without what was given, for accounts are in it.
 */
import { MERCHANTS_BYTES_MAX } from '../contract';
import { type MerchantProfile, validateMerchantProfile } from '../qr';
import { type MerchantSeed, toFieldError } from './app/merchants';
import { type FieldError, Problem } from './domain/errors';
import { isMerchantId } from './domain/merchant';
import { document, operationsOf } from './http/openapi';
import { parseStrictJson } from './http/strict-json';
import { createValidators, type RequestValidator } from './http/validation';

export interface MerchantsReading {
  readonly seeds: readonly MerchantSeed[];
  /** Without the variable's name. */
  readonly problems: readonly string[];
}

/** Problems told at most; 32 KiB can hold thousands. */
const PROBLEMS_MAX = 20;

export function readMerchants(text: string): MerchantsReading {
  const bytes = Buffer.from(text);
  if (bytes.length > MERCHANTS_BYTES_MAX) {
    return refused(`has ${bytes.length} bytes; it takes ${MERCHANTS_BYTES_MAX} at most, and the API takes the rest`);
  }
  const list = parse(bytes);
  if (!Array.isArray(list)) return refused('is no JSON list of profiles in which no member comes twice');

  const form = profileForm();
  const seeds = new Map<string, MerchantSeed>();
  const problems: string[] = [];
  for (const [n, entry] of list.entries()) {
    const { id, ...profile }: Readonly<Record<string, unknown>> = isObject(entry) ? entry : {};
    const read = readProfile(profile, form);
    if (typeof id !== 'string' || !isMerchantId(id)) {
      problems.push(`/${n}/id is no merchant id; it takes 1 to 64 letters, digits and _ . : -`);
    } else if (seeds.has(id)) {
      problems.push(`/${n}/id is that of another profile too; it takes each merchant once`);
    } else if (read.profile !== undefined) {
      seeds.set(id, { id, profile: read.profile });
    }
    problems.push(...read.errors.map((error) => `/${n}${'pointer' in error ? error.pointer : ''} ${error.message}`));
    if (problems.length >= PROBLEMS_MAX) break;
  }
  return { seeds: [...seeds.values()], problems: problems.slice(0, PROBLEMS_MAX) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function refused(problem: string): MerchantsReading {
  return { seeds: [], problems: [problem] };
}

/** Undefined where it is not JSON; the parser's own words are about a request's body. */
function parse(bytes: Uint8Array): unknown {
  try {
    return parseStrictJson(bytes);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

function profileForm(): RequestValidator {
  const operations = operationsOf(document).filter(({ operationId }) => operationId === 'putMerchant');
  return createValidators(operations).get('putMerchant')!;
}

interface ProfileReading {
  /** Only without errors. */
  readonly profile?: MerchantProfile;
  readonly errors: readonly FieldError[];
}

/** First the form, which the codec relies on. */
function readProfile(profile: unknown, form: RequestValidator): ProfileReading {
  try {
    assertForm(profile, form);
  } catch (error) {
    if (error instanceof Problem) return { errors: error.options.errors ?? [] };
    throw error;
  }
  const errors = validateMerchantProfile(profile).map(toFieldError);
  return errors.length > 0 ? { errors } : { profile, errors };
}

/** @throws Problem `invalid-request` */
function assertForm(profile: unknown, form: RequestValidator): asserts profile is MerchantProfile {
  form.body(profile);
}
