import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_TITLES } from '../src/handler/domain/errors';
import { ERROR_STATUS } from '../src/handler/http/errors';

const docs = join(__dirname, '..', 'docs');

describe('docs/errors.md', () => {
  const sections = readFileSync(join(docs, 'errors.md'), 'utf8')
    .split(/^## (?=\d)/m)
    .slice(1);
  const documented = sections.flatMap((section) => {
    const status = Number(section.slice(0, 3));
    return [...section.matchAll(/^### (\S+)\n(.+)/gm)].map(([, code, text]) => ({ code, status, text }));
  });

  test('explains every code of the catalogue, under its status, and no other', () => {
    const expected = Object.entries(ERROR_STATUS).map(([code, status]) => `${status} ${code}`);
    expect(documented.map(({ code, status }) => `${status} ${code}`).sort()).toEqual(expected.sort());
    expect(Object.keys(ERROR_TITLES).sort()).toEqual(Object.keys(ERROR_STATUS).sort());
  });

  test('every explanation says something', () => {
    for (const { code, text } of documented) expect(`${code}: ${text.length > 30}`).toBe(`${code}: true`);
  });
});

test('the document lists the same codes', () => {
  const { components } = JSON.parse(readFileSync(join(__dirname, '..', 'assets', 'openapi.json'), 'utf8'));
  expect([...components.schemas.Problem.properties.code.enum].sort()).toEqual(Object.keys(ERROR_STATUS).sort());
});
