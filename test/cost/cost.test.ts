/** The cost page is what the templates and the price list come to. `npx projen cost` writes it anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixedItems, itemsOfAMillion, type Resources, total } from './model';
import { costPage } from './page';

const FILE = join(__dirname, '..', '..', 'docs', 'cost.md');

test('docs/cost.md is up to date', () => {
  const page = costPage();
  if (process.env.UPDATE_COST) writeFileSync(FILE, page);

  expect(readFileSync(FILE, 'utf8')).toBe(page);
});

const RESOURCES: Resources = {
  Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { Cpu: '1024', Memory: '2048' } },
  Scaling: { Type: 'AWS::ApplicationAutoScaling::ScalableTarget', Properties: { MinCapacity: 3 } },
  Nat: { Type: 'AWS::EC2::NatGateway', Properties: {} },
  Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'x' } },
  Share: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: { Metrics: [{ Expression: 'a / b' }, { MetricStat: {} }, { MetricStat: {} }] },
  },
};

test('what is paid for by the hour is counted for as many as always run', () => {
  const items = Object.fromEntries(
    fixedItems(RESOURCES).map(({ what, dollars }) => [what, Math.round(dollars * 100) / 100]),
  );

  expect(items).toEqual({
    'Fargate, vCPUs': 70.91, // 3 × 0.03238 × 730
    'Fargate, GB of memory': 15.59, // 6 × 0.00356 × 730
    'NAT gateways': 32.85, // 0.045 × 730
    'Metrics of alarms': 0.3, // 1 and 2
  });
});

test('a replica pays for every write once more, and for nothing else of the traffic', () => {
  const writes = (replicas: number) =>
    itemsOfAMillion(RESOURCES, replicas).find(({ what }) => what.startsWith('Write'))!;

  expect(writes(2).dollars).toBe(2 * writes(1).dollars);
  expect(total(itemsOfAMillion(RESOURCES, 2)) - total(itemsOfAMillion(RESOURCES, 1))).toBeLessThan(
    2 * writes(1).dollars,
  );
});
