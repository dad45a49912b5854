import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CONTAINER_PORT, DRAIN_SECONDS } from '../../src/contract';
import { containerOf, serviceIn, serviceTemplate } from './stacks';

const TASK = 'AWS::ECS::TaskDefinition';

test('has the bundled image on ARM64, and nothing that it does not need', () => {
  const template = serviceTemplate();

  template.hasResourceProperties(TASK, {
    Cpu: '512',
    Memory: '1024',
    NetworkMode: 'awsvpc',
    RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
  });
  expect(containerOf(template)).toMatchObject({
    Name: 'handler',
    Essential: true,
    ReadonlyRootFilesystem: true,
    User: '65532:65532',
    LinuxParameters: { InitProcessEnabled: true, Capabilities: { Drop: ['ALL'] } },
    PortMappings: [{ ContainerPort: CONTAINER_PORT, Protocol: 'tcp' }],
    HealthCheck: { Command: ['CMD', 'node', '/app/index.js', '--health'] },
    LogConfiguration: { LogDriver: 'awslogs', Options: { mode: 'non-blocking' } },
  });
});

test('the kill comes after the drain', () => {
  expect(containerOf(serviceTemplate()).StopTimeout).toBeGreaterThan(DRAIN_SECONDS);
});

test.each([
  [ecs.CpuArchitecture.ARM64, 'linux/arm64'],
  [ecs.CpuArchitecture.X86_64, 'linux/amd64'],
])('the bundled image is built for the processor that runs it: %o', (cpuArchitecture, platform) => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  serviceIn(stack, { cpuArchitecture });

  const assembly = app.synth();

  const assets = JSON.parse(readFileSync(join(assembly.directory, 'Stack.assets.json'), 'utf8'));
  const [image]: { source: object }[] = Object.values(assets.dockerImages);
  expect(image!.source).toMatchObject({ directory: expect.stringMatching(/^asset\./), platform });
});

test('takes another image and size', () => {
  const template = serviceTemplate({
    image: ecs.ContainerImage.fromRegistry('public.ecr.aws/example/handler:1'),
    cpu: 1024,
    memoryLimitMiB: 4096,
    cpuArchitecture: ecs.CpuArchitecture.X86_64,
  });

  expect(containerOf(template).Image).toBe('public.ecr.aws/example/handler:1');
  template.hasResourceProperties(TASK, {
    Cpu: '1024',
    Memory: '4096',
    RuntimePlatform: { CpuArchitecture: 'X86_64' },
  });
});

test('a size that Fargate does not offer is refused', () => {
  expect(() => serviceTemplate({ cpu: 512, memoryLimitMiB: 512 })).toThrow(
    /memoryLimitMiB .*1024, 2048.*\[fargate-memory\]/,
  );
});

test.each([
  [undefined, 365],
  [RetentionDays.TEN_YEARS, 3653],
])('logs are encrypted and kept: %p', (logRetention, RetentionInDays) => {
  const template = serviceTemplate({ logRetention });

  template.hasResource('AWS::Logs::LogGroup', {
    DeletionPolicy: 'Retain',
    Properties: { RetentionInDays, KmsKeyId: Match.anyValue() },
  });
});
