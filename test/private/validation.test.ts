import { App, Aws, Lazy, Stack } from 'aws-cdk-lib';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import {
  checkBaseUrl,
  checkInteger,
  checkSameRegion,
  known,
  refuse,
  refuseForeignRegion,
} from '../../src/private/validation';
import { agnosticStack, PRIMARY, regionalStack, STANDBY } from './stacks';

const refusal = { code: 'some-code', what: 'prop is wrong', got: ['a'], allowed: 'b', fix: 'set it to b' };

test('a refusal says where, what, got, allowed, fix and its code', () => {
  expect(() => refuse(agnosticStack(), refusal)).toThrow(
    'Stack: prop is wrong; got ["a"], allowed b; fix: set it to b [some-code]',
  );
});

test.each([
  [undefined, 'nothing'],
  ['x', "'x'"],
  [3, '3'],
])('got %p reads %s', (got, text) => {
  expect(() => refuse('Factory', { ...refusal, got })).toThrow(`Factory: prop is wrong; got ${text},`);
});

test('tokens are not known, everything else is', () => {
  expect([known(Aws.REGION), known(Lazy.number({ produce: () => 1 })), known('eu-west-1'), known(2)]).toEqual([
    undefined,
    undefined,
    'eu-west-1',
    2,
  ]);
});

test.each([0, 11, 1.5, Number.NaN])('a number of %p is out of 1 to 10', (value) => {
  expect(() => checkInteger(agnosticStack(), value, { prop: 'count', min: 1, max: 10 })).toThrow(
    /count .*1 to 10.*\[number-out-of-range\]/,
  );
});

test.each([1, 10, Lazy.number({ produce: () => 0 })])('a number of %p passes 1 to 10', (value) => {
  expect(() => checkInteger(agnosticStack(), value, { prop: 'count', min: 1, max: 10 })).not.toThrow();
});

test.each([
  'http://pay.example.com',
  'https://pay.example.com/',
  'https://pay.example.com/v1/',
  'https://user:secret@pay.example.com',
  'https://pay.example.com?x=1',
  'pay.example.com',
  'https://',
])('%s is no base URL', (url) => {
  expect(() => checkBaseUrl('Here', 'url', url)).toThrow(/url is no base URL.*\[base-url\]/);
});

test.each(['https://pay.example.com', 'https://pay.example.com:8443/a/b', `https://${Aws.REGION}.example.com`])(
  '%s is a base URL',
  (url) => {
    expect(() => checkBaseUrl('Here', 'url', url)).not.toThrow();
  },
);

test('a part of another Region is refused, one of the same or of an unknown Region is not', () => {
  const app = new App();
  const here = regionalStack(app, PRIMARY);

  expect(() => checkSameRegion(here, 'part', regionalStack(app, STANDBY))).toThrow(
    /part is in another Region.*us-west-2.*\[other-region\]/,
  );
  expect(() => checkSameRegion(here, 'part', here)).not.toThrow();
  expect(() => checkSameRegion(here, 'part', new Stack(app, 'Agnostic'))).not.toThrow();
});

test("another Region's resource is refused where it is made there, and not where it is imported", () => {
  const app = new App();
  const here = regionalStack(app, PRIMARY);
  const there = regionalStack(app, STANDBY);
  const made = new HostedZone(there, 'Made', { zoneName: 'example.com' });
  const imported = HostedZone.fromHostedZoneId(there, 'Imported', 'Z1');

  expect(() => refuseForeignRegion(here, 'hostedZone', made, made.hostedZoneId)).toThrow(/\[foreign-region\]/);
  expect(() => refuseForeignRegion(here, 'hostedZone', imported, imported.hostedZoneId)).not.toThrow();
  expect(() => refuseForeignRegion(there, 'hostedZone', made, made.hostedZoneId)).not.toThrow();
});
