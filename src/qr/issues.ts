// What can be wrong with a payload, an account or a profile: stable codes with a path. Whether an issue is a warning or
// an error is the caller's position (reading is lenient, writing is strict), so there is one list for both.

export const issueCodes = [
  // The payload cannot be read safely: always an error.
  'crc_mismatch',
  'crc_missing',
  'truncated',
  'length_invalid',
  'duplicate_id',
  'order_invalid',
  'missing_required',
  'value_invalid',
  // It can be read and breaks the specification.
  'empty_value',
  'template_invalid',
  'guid_missing',
  'not_allowed',
  'not_normalized',
  'amount_out_of_range',
  // It does what the specification advises against or leaves open.
  'amount_precision',
  'crc_lower_case',
  'payload_long',
  'undefined_id',
  // It breaks a rule of its scheme, or follows the scheme against the general specification.
  'scheme_rule',
  'scheme_practice',
  // About a merchant's profile and what is asked of it.
  'unknown_field',
  'scheme_unknown',
  'account_missing',
  'not_issuable',
] as const;

export type IssueCode = (typeof issueCodes)[number];

export interface QrIssue {
  /** IDs from the root, such as "62/01", or member names; "" means the whole. */
  readonly path: string;
  readonly code: IssueCode;
  /** What is wrong and what is allowed. Never repeats an account number. */
  readonly message: string;
}

export function issue(path: string, code: IssueCode, message: string): QrIssue {
  return { path, code, message };
}
