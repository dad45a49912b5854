import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Connector } from '../src';
import { agnosticStack } from './private/stacks';

test('the simulator has neither URL nor secret', () => {
  expect(Connector.simulator()).toEqual({ url: undefined, secret: undefined });
});

test('an HTTP connector has both', () => {
  const secret = new Secret(agnosticStack(), 'Secret');

  expect(Connector.http({ url: 'https://bank.example/v1', secret })).toEqual({
    url: 'https://bank.example/v1',
    secret,
  });
});

test('payments are not sent in the clear', () => {
  const secret = new Secret(agnosticStack(), 'Secret');

  expect(() => Connector.http({ url: 'http://bank.example', secret })).toThrow(/Connector.http: url .*\[base-url\]/);
});
