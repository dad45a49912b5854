// What a part has found, as text: on the screen, and between its marks in README.md.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const README = join(here, 'README.md');
const RESULTS = join(here, '..', '..', 'tmp', 'bench');

export function machine() {
  return {
    node: process.versions.node,
    cpu: cpus()[0].model.trim(),
    cores: cpus().length,
    load: Number(loadavg()[0].toFixed(1)),
  };
}

export function textOf(command, at, { node, cpu, cores, load }, { head, rows, verdicts, notes }) {
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return [
    `\`${command}\` on ${at.toISOString().slice(0, 10)}: Node ${node}, ${cpu}, ${cores} cores, load ${load}.`,
    '',
    ...table,
    '',
    ...verdicts.map(({ verdict, words }) => `- ${verdict}: ${words}`),
    '',
    ...notes,
  ].join('\n');
}

export function writeReadme(part, text) {
  const readme = readFileSync(README, 'utf8');
  const [open, close] = [`<!-- bench ${part} -->\n`, `<!-- /bench ${part} -->`];
  const [before, rest] = readme.split(open);
  writeFileSync(README, `${before}${open}${text}\n${close}${rest.split(close)[1]}`);
}

/** Every slice, for who wants to look closer; not kept in the repository. */
export function writeData(part, at, data) {
  mkdirSync(RESULTS, { recursive: true });
  const file = join(RESULTS, `${part}-${at.toISOString().replaceAll(/[:.]/g, '-')}.json`);
  writeFileSync(file, JSON.stringify(data, undefined, 1));
  return file;
}
