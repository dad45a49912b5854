/** How a bank takes a step, from the first question to the last. */
import type { Fate } from './banks';
import type { PaymentModel } from './payment-model';

/** How the bank takes a step: what becomes of each question, and what the model then says. */
export type Course =
  | { readonly name: string; readonly fates: readonly Fate[]; play(model: PaymentModel): void }
  | { readonly name: 'dies' | 'dies, done' | 'overtaken' | 'silent' | 'changes its mind' };

const succeed = (model: PaymentModel) => model.succeed();
export const COURSES: readonly Course[] = [
  { name: 'approves', fates: ['approve'], play: succeed },
  { name: 'declines', fates: ['decline'], play: (model) => model.decline() },
  { name: 'answer lost', fates: ['done-lost'], play: succeed },
  { name: 'never arrived', fates: ['lost'], play: succeed },
  { name: 'declines after silence', fates: ['declined-lost'], play: (model) => model.decline() },
  { name: 'not sent', fates: ['not-sent'], play: succeed },
  { name: 'not sent twice', fates: ['not-sent', 'not-sent'], play: succeed },
  { name: 'done, then silent', fates: ['done-silence'], play: (model) => model.remainUnknown(false) },
  { name: 'declined, then silent', fates: ['declined-silence'], play: (model) => model.remainUnknown(true) },
  { name: 'silent' },
  { name: 'dies' },
  { name: 'dies, done' },
  { name: 'overtaken' },
  { name: 'changes its mind' },
];
/** It has done another amount, by a request that was not ours. */
export const differs = (amount: number): Course => ({
  name: `did ${amount}`,
  fates: [{ differs: amount }],
  play: (model) => model.succeed(amount),
});
