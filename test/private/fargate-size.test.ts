import { Lazy } from 'aws-cdk-lib';
import { checkFargateSize } from '../../src/private/fargate-size';
import { agnosticStack } from './stacks';

test.each([
  [256, 512],
  [256, 2048],
  [512, 4096],
  [4096, 30_720],
  [8192, 20_480],
  [16_384, 122_880],
  [Lazy.number({ produce: () => 1 }), 1],
])('%p CPU units with %p MiB are offered', (cpu, memory) => {
  expect(() => checkFargateSize(agnosticStack(), cpu, memory)).not.toThrow();
});

test.each([
  [256, 1536, 'fargate-memory'],
  [512, 512, 'fargate-memory'],
  [1024, 2500, 'fargate-memory'],
  [8192, 18_432, 'fargate-memory'],
  [300, 1024, 'fargate-cpu'],
])('%p CPU units with %p MiB are refused: %s', (cpu, memory, code) => {
  expect(() => checkFargateSize(agnosticStack(), cpu, memory)).toThrow(`[${code}]`);
});
