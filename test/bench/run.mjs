// `npx projen bench [part…] [--rounds 11] [--slice-ms 1000] [--steady-ms 60000]`: every part, or those named. A run as long as
// it should be writes its tables into README.md. Exit code 1 unless every verdict is a pass.

import { parseArgs } from 'node:util';
import { benchPayments } from './payments/payments.mjs';
import { benchCodec } from './qr/codec.mjs';
import { machine, textOf, writeData, writeReadme } from './report.mjs';

const PARTS = { qr: benchCodec, payments: benchPayments };
const DEFAULTS = { rounds: '11', 'slice-ms': '1000', 'steady-ms': '60000' };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: Object.fromEntries(
    Object.entries(DEFAULTS).map(([name, value]) => [name, { type: 'string', default: value }]),
  ),
});
const unknown = positionals.find((part) => !(part in PARTS));
if (unknown !== undefined)
  throw new Error(`there is no part ${unknown}; there are ${Object.keys(PARTS).join(' and ')}`);
const options = {
  rounds: Number(values.rounds),
  sliceMs: Number(values['slice-ms']),
  steadyMs: Number(values['steady-ms']),
};
const isWhole = Object.entries(DEFAULTS).every(([name, value]) => values[name] === value);

for (const part of positionals.length > 0 ? positionals : Object.keys(PARTS)) {
  const at = new Date();
  const result = await PARTS[part](options);
  const about = machine();
  const text = textOf(`npx projen bench ${part}`, at, about, result);
  console.log(`${text}\n`);
  console.log(`every slice: ${writeData(part, at, { at, ...about, options, ...result })}\n`);
  if (isWhole) writeReadme(part, text);
  if (result.verdicts.some(({ verdict }) => verdict !== 'pass')) process.exitCode = 1;
}
