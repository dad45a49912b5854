/** Which bank takes a payment's first step: rules in order, of which the first that matches decides. */
import { currencyByAlpha, schemeNames } from '../qr';
import type { Members, Problems } from './problems';

/** What is left out matches everything. */
export interface RouteRule {
  readonly schemes?: readonly string[];
  readonly currencies?: readonly string[];
  /** Minor units, the bounds included. */
  readonly minAmount?: number;
  readonly maxAmount?: number;
  /** The preferred one first. */
  readonly connectors: readonly string[];
}

const RULES_MAX = 64;
const CONDITIONS = ['schemes', 'currencies', 'minAmount', 'maxAmount'];

/** @param names of the connectors that there are */
export function checkRoutes(value: unknown, names: readonly string[], problems: Problems): void {
  if (!Array.isArray(value) || value.length < 1 || value.length > RULES_MAX) {
    problems.add('rule-count', 'has no rules or too many', {
      got: Array.isArray(value) ? value.length : value,
      allowed: `a list of 1 to ${RULES_MAX} rules`,
      fix: 'begin with one rule that has only connectors',
    });
    return;
  }
  for (const [n, rule] of value.entries()) {
    problems.at(n, () => checkRule(rule, n === value.length - 1, names, problems));
  }
}

function checkRule(value: unknown, isLast: boolean, names: readonly string[], problems: Problems): void {
  const rule = problems.members(value, [...CONDITIONS, 'connectors']);
  if (rule === undefined) return;
  checkPlace(rule, isLast, problems);
  const { schemes, currencies } = rule;
  if (schemes !== undefined) checkList('schemes', schemes, schemeNames, problems);
  if (currencies !== undefined) checkList('currencies', currencies, isCurrency, problems);
  checkAmounts(rule, problems);
  checkList('connectors', rule.connectors, names, problems);
}

/** A payment must find a rule, and a rule must be found. */
function checkPlace(rule: Members, isLast: boolean, problems: Problems): void {
  const got = CONDITIONS.filter((name) => rule[name] !== undefined);
  if (isLast && got.length > 0) {
    problems.add('no-catch-all', 'is the last rule and does not match every payment', {
      got,
      allowed: 'a last rule without conditions',
      fix: 'end with a rule that has only connectors',
    });
  }
  if (!isLast && got.length === 0) {
    problems.add('unreachable-rule', 'matches every payment, so that the rules after it never do', {
      got,
      allowed: `one or more of ${CONDITIONS.join(', ')}`,
      fix: 'put it last',
    });
  }
}

function checkAmounts({ minAmount, maxAmount, currencies }: Members, problems: Problems): void {
  const bounds = Object.entries({ minAmount, maxAmount }).filter(([, value]) => value !== undefined);
  for (const [name, got] of bounds) {
    if (Number.isSafeInteger(got) && Number(got) >= 1) continue;
    const allowed = 'whole minor units, 1 or more';
    problems.at(name, () => problems.add('amount', 'is no amount', { got, allowed, fix: 'write 1250 for SGD 12.50' }));
  }
  if (Number(minAmount) > Number(maxAmount)) {
    problems.add('amount-range', 'has a minAmount above its maxAmount', {
      got: [minAmount, maxAmount],
      allowed: 'minAmount up to maxAmount',
      fix: 'swap them',
    });
  }
  if (bounds.length > 0 && currencies === undefined) {
    problems.add('amount-currency', 'has an amount without currencies', {
      got: bounds.map(([name]) => name),
      allowed: 'amounts together with currencies, for minor units are not the same in all',
      fix: 'set currencies',
    });
  }
}

function isCurrency(code: string): boolean {
  return currencyByAlpha(code) !== undefined;
}

/** Texts, each known and each once; at least one. */
function checkList(
  name: 'schemes' | 'currencies' | 'connectors',
  value: unknown,
  known: readonly string[] | ((text: string) => boolean),
  problems: Problems,
): void {
  const isKnown = typeof known === 'function' ? known : (text: string) => known.includes(text);
  const texts: unknown[] = Array.isArray(value) ? value : [];
  const unfit = texts.findIndex((text, n) => typeof text !== 'string' || !isKnown(text) || texts.indexOf(text) < n);
  if (texts.length > 0 && unfit < 0) return;
  const allowed = typeof known === 'function' ? 'codes of ISO 4217' : known.join(', ');
  problems.at(name, () =>
    problems.add(`rule-${name}`, texts.length === 0 ? 'names nothing' : 'names what is not there, or one twice', {
      got: texts.length === 0 ? value : texts[unfit],
      allowed: `one or more, each once, of ${allowed}`,
      fix: 'correct the list',
    }),
  );
}
