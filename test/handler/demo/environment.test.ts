import { createServer } from 'node:net';

import { ConfigError } from '../../../src/handler/config';
import { demoEnvironment, explainStartError, isPortFree } from '../../../src/handler/demo/environment';

const free = async () => true;
const taken = async () => false;

describe('demoEnvironment', () => {
  test.each([
    ['8080 when it is free', {}, free, '8080'],
    ['any free port when 8080 is taken', {}, taken, '0'],
    ['PORT when it is set', { PORT: '3000' }, free, '3000'],
    ['PORT when it is set, taken or not: the start will say so', { PORT: '3000' }, taken, '3000'],
    ['8080 when PORT is empty', { PORT: '' }, free, '8080'],
  ])('listens on %s', async (_, environment, probe, port) => {
    expect((await demoEnvironment(environment, probe)).PORT).toBe(port);
  });

  test('listens on this machine only, and reaches no real table, bank or cache', async () => {
    const environment = {
      HOST: '0.0.0.0',
      TABLE_NAME: 'payments',
      CONNECTOR_URL: 'https://bank.example',
      CACHE_URL: 'valkeys://cache.example',
      AWS_REGION: 'ap-southeast-1',
      DATA_DIR: '/data',
      LOG_LEVEL: 'debug',
    };

    expect(await demoEnvironment(environment, free)).toEqual({
      HOST: '127.0.0.1',
      PORT: '8080',
      DATA_DIR: '/data',
      LOG_LEVEL: 'debug',
    });
  });
});

test('isPortFree tells a port in use from a free one', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : Number.NaN;

  const whileTaken = await isPortFree(port);
  await new Promise((resolve) => server.close(resolve));

  expect([whileTaken, await isPortFree(port)]).toEqual([false, true]);
});

describe('explainStartError', () => {
  test.each([
    ['EADDRINUSE', 'PORT is 3000, which another program uses; set a free one or leave it unset'],
    ['EACCES', 'PORT is 3000, which this user may not listen on; set one above 1023 or leave it unset'],
  ])('%s in one line', (code, line) => {
    expect(explainStartError(Object.assign(new Error('listen'), { code }), { PORT: '3000' })).toBe(line);
  });

  test('a wrong variable by its own message', () => {
    const error = new ConfigError(['LOG_LEVEL is "loud"; it takes debug, info, warn or error']);

    expect(explainStartError(error, {})).toContain('LOG_LEVEL is "loud"');
  });

  test('nothing about a fault of ours', () => {
    expect(explainStartError(new TypeError('x is undefined'), {})).toBeUndefined();
  });
});
