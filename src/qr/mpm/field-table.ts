// The root objects of merchant-presented mode (EMVCo MPM 1.0 table 3.6, 1.1 additions) as data: what decoding warns
// about and encoding refuses comes from this one table.

export interface FieldRule {
  readonly name: string;
  /** Digits, printable ASCII, any Unicode, or a template of further objects. */
  readonly format: 'digits' | 'printable' | 'unicode' | 'template';
  readonly min: number;
  readonly max: number;
}

/** EMVCo's mandatory single objects, which a scheme may leave out (Scheme.optional); 00 and 63 are structure. */
export const mandatoryIds = ['52', '53', '58', '59', '60'] as const;

const rules = new Map<string, FieldRule>();

function define(
  first: number,
  last: number,
  name: string,
  format: FieldRule['format'],
  min: number,
  max: number,
): void {
  for (let n = first; n <= last; n++) rules.set(String(n).padStart(2, '0'), { name, format, min, max });
}

define(0, 0, 'payload format indicator', 'digits', 2, 2);
define(1, 1, 'point of initiation method', 'digits', 2, 2);
define(2, 25, 'merchant account number', 'printable', 1, 99);
define(26, 51, 'merchant account template', 'template', 1, 99);
define(52, 52, 'merchant category code', 'digits', 4, 4);
define(53, 53, 'transaction currency', 'digits', 3, 3);
define(54, 54, 'transaction amount', 'printable', 1, 13);
define(55, 55, 'tip or convenience indicator', 'digits', 2, 2);
define(56, 56, 'convenience fee, fixed', 'printable', 1, 13);
define(57, 57, 'convenience fee, percentage', 'printable', 1, 5);
define(58, 58, 'country code', 'printable', 2, 2);
define(59, 59, 'merchant name', 'printable', 1, 25);
define(60, 60, 'merchant city', 'printable', 1, 15);
define(61, 61, 'postal code', 'printable', 1, 10);
define(62, 62, 'additional data template', 'template', 1, 99);
define(63, 63, 'CRC', 'printable', 4, 4);
define(64, 64, 'language template', 'template', 1, 99);
define(65, 79, 'reserved by EMVCo', 'unicode', 1, 99);
define(80, 99, 'unreserved template', 'template', 1, 99);

const byNumber: readonly FieldRule[] = [...rules.values()];

/** `id` is two digits. */
export function fieldRule(id: string): FieldRule {
  return byNumber[idNumber(id)];
}

export function idNumber(id: string): number {
  return (id.charCodeAt(0) - 0x30) * 10 + id.charCodeAt(1) - 0x30;
}

export function isAccountId(n: number): boolean {
  return n >= 2 && n <= 51;
}

/** Templates that begin with a globally unique identifier in their object 00. */
export function hasGuid(n: number): boolean {
  return (n >= 26 && n <= 51) || n >= 80;
}

export function isTemplate(n: number): boolean {
  return hasGuid(n) || n === 62 || n === 64;
}

/** Template 62: payment systems' own templates inside the additional data. */
export function isNestedInAdditionalData(n: number): boolean {
  return n >= 50;
}
