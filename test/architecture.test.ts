/** The arrows of CONTRIBUTING.md, held over the import graph. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { preProcessFile } from 'typescript';

const src = join(__dirname, '..', 'src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .map((file) => file.replaceAll('\\', '/'));

interface Import {
  readonly from: string;
  /** Path under src without extension, or the package. */
  readonly to: string;
  readonly local: boolean;
}

const imports: readonly Import[] = files.flatMap((file) => {
  const text = readFileSync(join(src, file), 'utf8');
  const specifiers = preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
  return specifiers.map((specifier) => {
    const local = specifier.startsWith('.');
    const to = local ? relative(src, resolve(src, dirname(file), specifier)).replaceAll('\\', '/') : specifier;
    return { from: file, to, local };
  });
});

/** Imports out of a part of the tree that go anywhere but where it may. */
function strays(part: RegExp, allowed: RegExp): string[] {
  return imports
    .filter(({ from, to }) => part.test(from) && !allowed.test(to))
    .map(({ from, to }) => `${from} → ${to}`);
}

test('the graph is not empty', () => {
  expect(imports.length).toBeGreaterThan(100);
});

test('contract.ts imports nothing', () => {
  expect(strays(/^contract\.ts$/, /^$/)).toEqual([]);
});

test('src/qr is pure: itself, and hashing for authenticity', () => {
  expect(strays(/^qr\//, /^qr\/|^qr$|^node:crypto$/)).toEqual([]);
});

test('src/connectors-document is pure: itself, the contract, the codec, and reading certificates', () => {
  expect(strays(/^connectors-document\//, /^connectors-document\/|^contract$|^qr$|^node:crypto$/)).toEqual([]);
});

test('constructs know the CDK, the contract and the codec, never the handler', () => {
  expect(
    strays(
      /^[^/]+\.ts$|^private\//,
      /^(aws-cdk-lib|constructs|node:(fs|net|path))(\/|$)|^qr(\/|$)|^private\/|^[a-z-]+$/,
    ),
  ).toEqual([]);
});

test('domain is pure: itself, the codec, hashing and canonical JSON', () => {
  expect(strays(/^handler\/domain\//, /^handler\/domain\/|^qr$|^node:crypto$|^safe-stable-stringify$/)).toEqual([]);
});

test('app knows the domain and its own ports, and no adapter', () => {
  expect(strays(/^handler\/app\//, /^handler\/(app|domain)\/|^qr$|^node:(crypto|util)$/)).toEqual([]);
});

test('http and adapters do not know each other', () => {
  expect(strays(/^handler\/http\//, /^(?!handler\/(adapters|main|start|demo))/)).toEqual([]);
  expect(strays(/^handler\/adapters\//, /^(?!handler\/(http|main|start|demo))/)).toEqual([]);
});

// AWS's own credential providers read their own variables.
test('only the composition root reads the environment, and only the logger writes to the console', () => {
  const reading = (what: RegExp, allowed: RegExp) =>
    files.filter(
      (file) => file.startsWith('handler/') && what.test(readFileSync(join(src, file), 'utf8')) && !allowed.test(file),
    );
  expect(reading(/process\.env\b/, /^handler\/(main|demo\/main|adapters\/aws\/credentials)\.ts$/)).toEqual([]);
  expect(reading(/console\./, /^handler\/(main|demo\/[a-z-]+)\.ts$/)).toEqual([]);
});
