// The elements of formats that are lines of text (EPC069-12, Swiss QR-bill): LF or CRLF, one kind throughout.

import { issue, type QrIssue } from './issues';

/** The lines, or the issue where line breaks are mixed or a bare CR stands in. */
export function splitLines(payload: string): readonly string[] | QrIssue {
  const separator = payload.includes('\r\n') ? '\r\n' : '\n';
  const lines = payload.split(separator);
  for (const line of lines) {
    if (line.includes('\n') || line.includes('\r')) {
      return issue('', 'value_invalid', 'line breaks must be LF or CRLF, one kind throughout');
    }
  }
  return lines;
}
