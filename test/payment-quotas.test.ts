/** The table of limits, in the code and in the documents; and the warning of props that need more. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { PaymentQuotas } from '../src';
import { agnosticStack, serviceIn } from './private/stacks';

test('the documents have each limit, with its code and its default', () => {
  const text = readFileSync(join(__dirname, '..', 'docs', 'quotas.md'), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));

  expect(rows).toHaveLength(PaymentQuotas.all().length);
  for (const [i, { id, service, quota, quotaCode = '', defaultValue }] of PaymentQuotas.all().entries()) {
    const [, name, limit, code, value] = rows[i]!.split('|').map((cell) => cell.trim());
    expect([name, limit?.replace(' (an account)', ''), code, value]).toEqual([
      `\`${id}\``,
      `${service}: ${quota}`,
      quotaCode,
      String(defaultValue),
    ]);
  }
});

test.each([
  [{}, 0],
  [{ maxTaskCount: 12 }, 0],
  [{ maxTaskCount: 13 }, 1],
  [{ cpu: 2048, memoryLimitMiB: 4096 }, 1],
])('more vCPUs than an account has are worth a warning: %j', (props, count) => {
  const stack = agnosticStack();
  serviceIn(stack, props);

  const warnings = Annotations.fromStack(stack).findWarning(
    '*',
    Match.stringLikeRegexp('L-3032A538|Fargate On-Demand vCPU.*acknowledgeWarning.*quota-fargate-vcpu'),
  );
  expect(warnings).toHaveLength(count);
});
