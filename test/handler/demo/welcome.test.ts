import { execFileSync } from 'node:child_process';

import { type WelcomeOptions, welcome } from '../../../src/handler/demo/welcome';
import { readBlocks } from '../pictures/read-back';

const PAYLOAD =
  '00020101021226310015com.example.pay01081234567852045814530370254044.505802SG5911Kopi Corner6009Singapore6304ABCD';
const OPTIONS: WelcomeOptions = {
  url: 'http://127.0.0.1:8080',
  payment: { id: 'pay_abc', amount: { currency: 'SGD', value: 450 }, version: 1, qr: { payload: PAYLOAD } },
  merchant: { name: 'Kopi Corner', city: 'Singapore' },
  color: false,
  columns: 120,
};

/** What a shell makes of a printed command: its arguments, from a `curl` that only shows them. */
function argumentsOf(command: string): string[] {
  const shell = `curl() { for each in "$@"; do printf '%s\\0' "$each"; done; }; ${command}`;
  return execFileSync('/bin/sh', ['-c', shell], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

function commands(text: string): string[] {
  return text.split('\n').filter((line) => line.startsWith('  curl '));
}

test('the code in it can be scanned', () => {
  const blocks = welcome(OPTIONS)
    .split('\n')
    .filter((line) => /^[ ▀▄█]{29,}$/.test(line));

  expect(readBlocks(blocks)).toBe(PAYLOAD);
});

test('says who gets what, and where the page is', () => {
  const text = welcome(OPTIONS);

  expect(text).toContain('Kopi Corner, Singapore: SGD 4.50\n');
  expect(text).toContain('http://127.0.0.1:8080/demo/pay_abc\n');
});

test('yen have no decimals', () => {
  const payment = { ...OPTIONS.payment, amount: { currency: 'JPY', value: 450 } };

  expect(welcome({ ...OPTIONS, payment })).toContain('JPY 450\n');
});

test('a terminal that would wrap the code gets none', () => {
  const text = welcome({ ...OPTIONS, columns: 40 });

  expect(text).not.toMatch(/[▀▄█]/);
  expect(text).toMatch(/needs a terminal of \d+ columns/);
});

test('has three commands that a shell understands', () => {
  const [create, read, refund] = commands(welcome(OPTIONS)).map(argumentsOf);

  const json = 'content-type: application/json';
  expect(create).toEqual(expect.arrayContaining(['http://127.0.0.1:8080/v1/payments', json]));
  expect(JSON.parse(create!.at(-1)!)).toEqual({ amount: { currency: 'SGD', value: 1250 }, reference: 'order-1' });
  expect(read).toEqual(
    expect.arrayContaining(['http://127.0.0.1:8080/v1/payments/pay_abc?wait=25', 'if-none-match: "1"']),
  );
  expect(refund).toEqual(expect.arrayContaining(['http://127.0.0.1:8080/v1/payments/pay_abc/refunds', json, '{}']));
  for (const command of [create!, refund!]) {
    const key = command.find((each) => each.startsWith('idempotency-key: '));
    expect(key).toMatch(/^idempotency-key: [A-Za-z0-9_.:-]{16,128}$/);
  }
});
