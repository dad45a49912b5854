/**
 * The image, proven: built from the very directory that the CDK would publish, and run as the task definition says: its user, its
 * read-only root, its memory, its environment. A payment is paid through it.
 *
 * On this machine's processor. What differs from Fargate: the base (see `base.ts`) and the network, which is the host's.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { Connector, PaymentProcessingService } from '../../src';
import { type LocalAws, startLocalAws } from '../seam/aws';
import { Deployment } from '../seam/deployment';
import { makeBaseImage, run } from './base';

const IMAGE = 'localhost/payment-handler:of-the-test';
const NAME = `payment-handler-${process.pid}`;
const MERCHANT = 'm_image';
const deployment = new Deployment();
const outdir = mkdtempSync(join(tmpdir(), 'image-cdk-'));
let aws: LocalAws;
let container: ChildProcess;
let output = '';

/** The directory and the file in it that `cdk deploy` would build. */
function assetOf(): { directory: string; dockerfile: string } {
  const app = new App({ outdir });
  const stack = new Stack(app, 'Image');
  const cpuArchitecture = CpuArchitecture.X86_64;
  new PaymentProcessingService(stack, 'Service', { connector: Connector.simulator(), cpuArchitecture });
  app.synth();
  const manifest = JSON.parse(readFileSync(join(outdir, 'Image.assets.json'), 'utf8'));
  const [{ source }] = Object.values<{ source: { directory: string; dockerFile?: string } }>(manifest.dockerImages);
  const directory = join(outdir, source.directory);
  return { directory, dockerfile: join(directory, source.dockerFile ?? 'Dockerfile') };
}

/** What the task definition says of its container, as podman says it. */
function containerOptions(): string[] {
  const task = deployment.task();
  const [{ User, ReadonlyRootFilesystem, LinuxParameters }] = task.ContainerDefinitions;
  expect({ User, ReadonlyRootFilesystem, LinuxParameters }).toEqual({
    User: '65532:65532',
    ReadonlyRootFilesystem: true,
    LinuxParameters: { Capabilities: { Drop: ['ALL'] }, InitProcessEnabled: true },
  });
  const env = Object.entries({ ...deployment.environment(), ...aws.environment });
  return [
    ...['--user', User, '--read-only', '--read-only-tmpfs=false', '--cap-drop', 'ALL', '--init'],
    ...['--memory', `${task.Memory}m`],
    ...env.flatMap(([name, value]) => ['--env', `${name}=${value}`]),
  ];
}

/** What a sandbox without a daemon and a bridge needs. */
const SANDBOX = ['--runtime', 'runc', 'run', '--rm', '--pull=never', '--network', 'host'];
const ULIMITS = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024'];

beforeAll(async () => {
  const { directory, dockerfile } = assetOf();
  makeBaseImage(dockerfile);
  run('buildah', [
    'bud',
    '--pull=never',
    '--quiet',
    '--isolation',
    'chroot',
    '--file',
    dockerfile,
    '--tag',
    IMAGE,
    directory,
  ]);
  aws = await startLocalAws(deployment.secrets());
  await aws.createTable(deployment.table());
  container = spawn('podman', [...SANDBOX, '--name', NAME, ...ULIMITS, ...containerOptions(), IMAGE]);
  for (const stream of [container.stdout, container.stderr])
    stream?.on('data', (chunk) => {
      output += chunk;
    });
  await untilHealthy();
}, 120_000);

afterAll(async () => {
  spawnSync('podman', ['rm', '--force', '--ignore', NAME]);
  await aws?.close();
  rmSync(outdir, { recursive: true, force: true });
});

async function untilHealthy(): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const response = await fetch('http://127.0.0.1:8080/health/ready').catch(() => undefined);
    if (response?.status === 200) return;
    if (container.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`the container does not become ready: ${output}`);
}

async function call(method: string, path: string, body?: object) {
  const response = await fetch(`http://127.0.0.1:8080${path}`, {
    method,
    headers: {
      'x-merchant-id': MERCHANT,
      'x-scopes': 'payments:read payments:write payments:authorize payments:refund merchants:admin qr:read',
      'idempotency-key': randomUUID(),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    body: body && JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

test('a payment is made, paid and given back', async () => {
  const accounts = [{ scheme: 'emv', template: '26', fields: { '00': 'com.example.pay', '01': '12345678' } }];
  const profile = { name: 'Kopi Corner', city: 'Singapore', country: 'SG', mcc: '5812', currency: 'SGD', accounts };
  expect(await call('PUT', `/v1/merchants/${MERCHANT}`, profile)).toMatchObject({ status: 200 });

  const made = await call('POST', '/v1/payments', { amount: { currency: 'SGD', value: 1250 }, reference: 'order-1' });
  expect(made).toMatchObject({ status: 201, body: { status: 'created' } });
  const path = `/v1/payments/${made.body.id}`;
  expect(await call('POST', `${path}/authorize`, { payer: { token: 'tok_approve' } })).toMatchObject({
    status: 200,
    body: { status: 'captured' },
  });
  expect(await call('POST', `${path}/refunds`, {})).toMatchObject({ status: 201, body: { status: 'refunded' } });
});

test("the task definition's own health check passes inside the container", () => {
  const [{ HealthCheck }] = deployment.task().ContainerDefinitions;
  const [kind, ...command] = HealthCheck.Command;

  expect(kind).toBe('CMD');
  expect(() => run('podman', ['--runtime', 'runc', 'exec', NAME, ...command])).not.toThrow();
});

test('there is no shell in it, nothing can be written, and it has the memory of the task', () => {
  const inside = (...command: string[]) => run('podman', ['--runtime', 'runc', 'exec', NAME, ...command]);

  expect(() => inside('/bin/sh', '-c', 'true')).toThrow();
  const write = "require('fs').writeFileSync('/app/x', 'x')";
  expect(
    inside('node', '-e', `try { ${write}; console.log('written') } catch (e) { console.log(e.code) }`).trim(),
  ).toBe('EROFS');
  const megabytes = Number(inside('node', '-p', 'process.constrainedMemory() / 2 ** 20'));
  expect(String(megabytes)).toBe(deployment.task().Memory);
  expect(inside('node', '-p', 'process.version.split(".")[0] + " " + process.getuid()').trim()).toBe('v24 65532');
});

test('SIGTERM ends it in order', async () => {
  const exited = once(container, 'exit');
  run('podman', ['kill', '--signal', 'TERM', NAME]);

  expect(await exited).toEqual([0, null]);
  expect(output).toContain('"msg":"stopped"');
}, 40_000);
