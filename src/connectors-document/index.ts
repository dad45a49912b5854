/**
 * The document in `CONNECTORS`: the banks that there are, and which of them takes a payment. Read by the handler at start, and checked by
 * the constructs at synth with these same rules. Pure: nothing is reached from here.
 */
import { type BankEntry, checkBank } from './bank';
import { type DocumentProblem, isMembers, Problems } from './problems';
import { checkRoutes, type RouteRule } from './rules';

export type { BankEntry } from './bank';
export type { DocumentProblem } from './problems';
export type { RouteRule } from './rules';

export interface ConnectorsDocument {
  readonly connectors: Readonly<Record<string, BankEntry>>;
  /** The first one that matches decides; the last one matches everything. */
  readonly routes: readonly RouteRule[];
}

export type DocumentReading =
  | { readonly document: ConnectorsDocument; readonly problems: readonly [] }
  | { readonly document?: undefined; readonly problems: readonly DocumentProblem[] };

const CONNECTORS_MAX = 16;
const NAME = /^[a-z][a-z0-9-]{0,31}$/;

/** Every mistake, in the order of the document. */
export function readConnectorsDocument(value: unknown): DocumentReading {
  const problems = new Problems();
  const document = problems.members(value, ['connectors', 'routes']);
  if (document !== undefined) {
    problems.at('connectors', () => checkConnectors(document.connectors, problems));
    const names = isMembers(document.connectors) ? Object.keys(document.connectors) : [];
    problems.at('routes', () => checkRoutes(document.routes, names, problems));
  }
  return isSound(value, problems.found) ? { document: value, problems: [] } : { problems: problems.found };
}

function isSound(value: unknown, problems: readonly DocumentProblem[]): value is ConnectorsDocument {
  return value !== undefined && problems.length === 0;
}

function checkConnectors(value: unknown, problems: Problems): void {
  const entries = isMembers(value) ? Object.entries(value) : [];
  if (entries.length < 1 || entries.length > CONNECTORS_MAX) {
    problems.add('connector-count', 'has no connectors or too many', {
      got: isMembers(value) ? entries.length : value,
      allowed: `1 to ${CONNECTORS_MAX} connectors by their names`,
      fix: 'name one or more',
    });
  }
  for (const [name, entry] of entries.slice(0, CONNECTORS_MAX)) {
    if (NAME.test(name)) {
      problems.at(name, () => checkBank(entry, problems));
      continue;
    }
    problems.add('connector-name', 'has a connector of an unfit name', {
      got: name,
      allowed: 'a small letter, then up to 31 small letters, digits and -',
      fix: "name it like 'acme'",
    });
  }
}
