import { ApiAuthorization } from '../src';

test('under IAM the caller is its AWS account', () => {
  expect(ApiAuthorization.iam()).toEqual({ _isIam: true, _merchantIdSource: 'context.identity.accountId' });
});

test('without authorization every caller is the same merchant, as a static value', () => {
  expect(ApiAuthorization.none({ merchantId: 'm_sandbox' })).toEqual({
    _isIam: false,
    _merchantIdSource: "'m_sandbox'",
  });
});

test.each(['', "m'", 'a b', 'x'.repeat(65)])('a merchant named %p is refused', (merchantId) => {
  expect(() => ApiAuthorization.none({ merchantId })).toThrow('[merchant-id]');
});
