/** Every promise about money has a test that names it, so that whoever breaks one reads which. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** What there is nothing for yet: a second Region (I21), and webhooks (I31 to I34). */
const NOT_YET = ['I21', 'I31', 'I32', 'I33', 'I34'];
const LAST = 40;

const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'));

/** What a file says it is about, and the titles of all its tests and groups. */
function titlesOf(file: string): string[] {
  const text = readFileSync(join(__dirname, file), 'utf8');
  const titles: string[] = [/^\/\*\*.*?\*\//s.exec(text)?.[0] ?? ''];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTest(node.expression)) titles.push(node.arguments[0]?.getText() ?? '');
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true));
  return titles;
}

/** `test`, `test.skip`, `test.each(table)` and the same of `describe`. */
function isTest(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return ['test', 'describe'].includes(callee.text);
  return (ts.isCallExpression(callee) || ts.isPropertyAccessExpression(callee)) && isTest(callee.expression);
}

test('every invariant that there is something for is named by a test', () => {
  const titles = files.flatMap(titlesOf);
  expect(titles.length).toBeGreaterThan(500);
  const named = new Set(titles.flatMap((title) => title.match(/\bI\d\d\b/g) ?? []));
  const all = Array.from({ length: LAST }, (_, n) => `I${String(n + 1).padStart(2, '0')}`);
  expect(all.filter((name) => !named.has(name) && !NOT_YET.includes(name))).toEqual([]);
});
