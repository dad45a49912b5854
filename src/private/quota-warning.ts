/** Says at synth that props need more than an account has by default. It is a warning: the account may have been given more. */
import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { AccountQuota } from '../payment-quotas';

/** @param what what needs it, in the words of the props */
export function warnOfQuota(where: IConstruct, quota: AccountQuota, needed: number, what: string): void {
  if (needed <= quota.defaultValue) return;
  const id = `cdk-qr-payments:quota-${quota.id}`;
  Annotations.of(where).addWarningV2(
    id,
    `${what} needs ${needed} of "${quota.quota}" (${quota.service}); an account has ${quota.defaultValue} unless it asked for more. ` +
      `See docs/quotas.md. If yours has, say Annotations.of(construct).acknowledgeWarning('${id}').`,
  );
}
