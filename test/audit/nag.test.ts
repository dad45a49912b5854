/**
 * Four rule packs over both integ apps: nothing is found that is not acknowledged, and nothing is acknowledged that is not found. What
 * the integ tests' own function does in a stack of its own is not part of a deployment.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, Stack, Validations } from 'aws-cdk-lib';
import { ACKNOWLEDGED } from '../../src/private/acknowledged-rules';
import { type Finding, findings } from './packs';

const REASONS = Object.values(ACKNOWLEDGED);
const RULES = [...new Set(REASONS.flatMap((each) => [...each.rules]))].sort();

function deployed(name: string): Stack[] {
  process.env.AWS_REGION = 'us-east-1';
  const { app } = jest.requireActual<{ app: App }>(`../../integ/integ.${name}`);
  return app.node
    .findAll()
    .filter(Stack.isStack)
    .filter(({ stackName }) => !stackName.endsWith('assertions') && !stackName.includes('Assert'));
}

const STACKS = ['single-region', 'multi-region'].flatMap(deployed);

/** The rules that the constructs themselves acknowledge somewhere. */
function acknowledged(): Set<string> {
  const key = Validations.ACKNOWLEDGED_RULES_METADATA_KEY;
  const entries = STACKS.flatMap((stack) => stack.node.findAll())
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === key);
  return new Set(entries.flatMap(({ data }) => Object.keys(data)).map((id) => id.replace(/^annotation::/i, '')));
}

test('nothing is found that is not acknowledged', () => {
  const found: Finding[] = STACKS.flatMap(findings);

  expect(found).toEqual([]);
});

test('the packs do look: without acknowledgements they find every rule of the list, and no other', () => {
  const key = Validations.ACKNOWLEDGED_RULES_METADATA_KEY;
  const bare = jest.replaceProperty(Validations, 'ACKNOWLEDGED_RULES_METADATA_KEY', `not ${key}` as typeof key);
  const rules = new Set(STACKS.flatMap(findings).map(({ rule }) => rule));
  bare.restore();

  expect([...rules].sort()).toEqual(RULES);
});

test('what is acknowledged is on the list, with at most fifteen reasons', () => {
  expect([...acknowledged()].sort()).toEqual(RULES);
  expect(REASONS.length).toBeLessThanOrEqual(15);
});

test('the documents give the same reasons', () => {
  const text = readFileSync(join(__dirname, '..', '..', 'docs', 'security.md'), 'utf8');

  for (const { rules, reason } of REASONS) {
    const row = text.split('\n').find((line) => line.includes(`\`${rules[0]}\``));
    expect(row).toBeDefined();
    for (const rule of rules) expect(row).toContain(`\`${rule}\``);
    expect(row).toContain(reason);
  }
});
