import { createSimulator } from '../../../../src/handler/adapters/connector/simulator';
import type { BankOperation } from '../../../../src/handler/app/ports';
import { VirtualClock } from '../../app/world';

const operation = (payerToken?: string): BankOperation => ({
  opKey: 'pay_x.sale.1',
  kind: 'sale',
  paymentId: 'pay_x',
  merchantId: 'm_1',
  amount: { currency: 'SGD', value: 1 },
  payerToken,
});

const simulator = () => createSimulator(new VirtualClock());
const patient = new AbortController().signal;

test.each([
  ['tok_approve', 'approved'],
  ['tok_slow', 'approved'],
  ['tok_decline', 'declined'],
  ['tok_of_somebody', 'declined'],
  [undefined, 'approved'],
])('%s is %s, and the same again', async (token, result) => {
  const bank = simulator();
  const first = await bank.put(operation(token), patient);
  expect(first).toMatchObject({ result });
  expect(await bank.put(operation(token), patient)).toEqual(first);
  expect(await bank.get(operation(token), patient)).toEqual(first);
});

test('what it has never seen is absent', async () => {
  expect(await simulator().get(operation('tok_approve'), patient)).toEqual({ result: 'absent' });
});

test('tok_timeout: the first PUT never answers, GET says approved', async () => {
  const bank = simulator();
  expect(await bank.put(operation('tok_timeout'), AbortSignal.timeout(20))).toEqual({ result: 'unknown' });
  expect(await bank.get(operation('tok_timeout'), patient)).toMatchObject({ result: 'approved' });
});

test('tok_lost: the first PUT never answers and never arrived, the second approves', async () => {
  const bank = simulator();
  expect(await bank.put(operation('tok_lost'), AbortSignal.timeout(20))).toEqual({ result: 'unknown' });
  expect(await bank.get(operation('tok_lost'), patient)).toEqual({ result: 'absent' });
  expect(await bank.put(operation('tok_lost'), patient)).toMatchObject({ result: 'approved' });
  expect(await bank.get(operation('tok_lost'), patient)).toMatchObject({ result: 'approved' });
});
