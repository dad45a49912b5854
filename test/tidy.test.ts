/** The house rules of CONTRIBUTING.md that a machine can hold. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '..');
const FILE_LINES = 300;
const FUNCTION_LINES = 70;

const sources = ['src', 'test'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !file.includes('node_modules'))
    .map((file) => {
      const path = `${folder}/${file.replaceAll('\\', '/')}`;
      const text = readFileSync(join(root, path), 'utf8');
      return { path, text, ast: ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true) };
    }),
);

/** Everything in the trees that `find` names. */
function findAll(find: (node: ts.Node, path: string) => string | undefined, inPath: RegExp = /./): string[] {
  const found: string[] = [];
  for (const { path, ast } of sources) {
    if (!inPath.test(path)) continue;
    const visit = (node: ts.Node): void => {
      const what = find(node, path);
      if (what !== undefined)
        found.push(`${path}:${ast.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${what}`);
      ts.forEachChild(node, visit);
    };
    visit(ast);
  }
  return found;
}

test('there is something to hold', () => {
  expect(sources.length).toBeGreaterThan(80);
});

test(`a file has at most ${FILE_LINES} lines`, () => {
  expect(
    sources
      .map(({ path, text }) => ({ path, lines: text.split('\n').length }))
      .filter(({ lines }) => lines > FILE_LINES),
  ).toEqual([]);
});

test(`a function has at most ${FUNCTION_LINES} lines`, () => {
  const long = findAll((node) => {
    if (!ts.isFunctionLike(node) || !('body' in node)) return undefined;
    const lines = node.getText().split('\n').length;
    return lines > FUNCTION_LINES ? `${lines} lines` : undefined;
  }, /^src\//);
  expect(long).toEqual([]);
});

test('every file of src begins by saying what lives in it', () => {
  expect(
    sources.filter(({ path, text }) => path.startsWith('src/') && !/^(\/\*\*|\/\/)/.test(text)).map(({ path }) => path),
  ).toEqual([]);
});

test('no `any`, and nothing left for later', () => {
  const anys = findAll(
    (node) => (node.kind === ts.SyntaxKind.AnyKeyword ? 'any' : undefined),
    /^src\/(?!handler\/http\/routes\/operations)/,
  );
  expect(anys).toEqual([]);
  const marks = sources.filter(({ path, text }) => path.startsWith('src/') && /\b(TODO|FIXME|XXX|HACK)\b/.test(text));
  expect(marks.map(({ path }) => path)).toEqual([]);
});

test('every exported prop, and every member of the public API, is documented; optional ones say their default', () => {
  const undocumented = findAll((node) => {
    if (!ts.isPropertySignature(node) || !ts.isInterfaceDeclaration(node.parent) || !isExported(node.parent))
      return undefined;
    if (!/(Props|Options)$/.test(node.parent.name.text)) return undefined;
    const docs = ts
      .getJSDocCommentsAndTags(node)
      .map((doc) => doc.getText())
      .join('\n');
    if (docs === '') return `${node.name.getText()} says nothing`;
    return node.questionToken !== undefined && !/@default\s+\S/.test(docs)
      ? `${node.name.getText()} says no default`
      : undefined;
  }, /^src\/[a-z-]+\.ts$/);
  expect(undocumented).toEqual([]);
});

function isExported(node: ts.InterfaceDeclaration): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}
