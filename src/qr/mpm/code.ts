// A merchant-presented code between text and meaning, and the one answer to "is this object a template?", so that
// decoding and encoding cannot disagree about it.

import type { FoundScheme } from '../schemes';
import { schemeByGuid } from '../schemes';
import { readTlv, type TlvObjects } from '../tlv';
import type { QrFields } from '../types';
import { idNumber, isNestedInAdditionalData } from './field-table';

export interface MpmCode {
  readonly fields: QrFields;
  /** Root IDs, 63 included where it was read. */
  readonly ids: readonly string[];
  /** Printable ASCII throughout, so that no value needs another look. */
  readonly isPrintable: boolean;
  readonly schemes: readonly FoundScheme[];
}

/** Tells whether a sub-ID of one root template may be a template itself. */
export type Nesting = (subId: string) => boolean;

const never: Nesting = () => false;
const inAdditionalData: Nesting = (subId) => isNestedInAdditionalData(idNumber(subId));

export function nesting(id: string, template: QrFields, root: QrFields): Nesting {
  if (id === '62') return inAdditionalData;
  const guid = template['00'];
  const nested = typeof guid === 'string' && id !== '64' ? schemeByGuid(guid, root)?.nested : undefined;
  return nested === undefined ? never : (subId) => nested.includes(subId);
}

/** A value that is TLV to its last character and begins a template (has an object 00); null for anything else. */
export function readNested(value: string, astral: boolean): TlvObjects | null {
  const inner = readTlv(value, astral);
  return inner.fault === null && inner.values['00'] !== undefined ? inner : null;
}

/** A scheme of this code fills this template's place with plain text. */
export function isPlain(code: MpmCode, path: string): boolean {
  return code.schemes.some(({ scheme }) => scheme.primitives?.includes(path));
}
