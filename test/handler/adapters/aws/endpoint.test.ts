import { isLoopback, serviceEndpoint } from '../../../../src/handler/adapters/aws/endpoint';

test.each([
  ['ap-southeast-1', 'https://dynamodb.ap-southeast-1.amazonaws.com'],
  ['us-gov-west-1', 'https://dynamodb.us-gov-west-1.amazonaws.com'],
  ['cn-north-1', 'https://dynamodb.cn-north-1.amazonaws.com.cn'],
  ['eusc-de-east-1', 'https://dynamodb.eusc-de-east-1.amazonaws.eu'],
  ['us-iso-east-1', 'https://dynamodb.us-iso-east-1.c2s.ic.gov'],
  ['us-isob-east-1', 'https://dynamodb.us-isob-east-1.sc2s.sgov.gov'],
  ['us-isof-south-1', 'https://dynamodb.us-isof-south-1.csp.hci.ic.gov'],
  ['eu-isoe-west-1', 'https://dynamodb.eu-isoe-west-1.cloud.adc-e.uk'],
])('in %s DynamoDB is at %s', (region, endpoint) => {
  expect(serviceEndpoint('dynamodb', region)).toBe(endpoint);
});

test.each([
  ['http://127.0.0.1:8000', true],
  ['http://127.1.2.3', true],
  ['http://localhost:8000', true],
  ['http://[::1]:8000', true],
  ['https://dynamodb.eu-west-1.amazonaws.com', false],
  ['http://127.0.0.1.example.com', false],
  ['http://10.0.0.1', false],
])('%s is loopback: %p', (url, expected) => {
  expect(isLoopback(new URL(url))).toBe(expected);
});
