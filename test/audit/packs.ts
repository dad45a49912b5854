/** What auditors run over a deployment: the rule packs, and what they find that is not acknowledged. */
import { Stack } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R5Checks, PCIDSS321Checks, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';

const PACKS = { AwsSolutionsChecks, PCIDSS321Checks, NIST80053R5Checks, ServerlessChecks };

export interface Finding {
  readonly pack: string;
  readonly rule: string;
  readonly stack: string;
  readonly resource: string;
}

export function findings(app: IConstruct): Finding[] {
  const stacks = app.node.findAll().filter(Stack.isStack);
  return stacks.flatMap((stack) =>
    Object.entries(PACKS).flatMap(([pack, Pack]) =>
      new Pack(app).validateScope(stack).violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath }) => ({
          pack,
          rule: ruleName,
          stack: stack.stackName,
          resource: constructPath ?? '',
        })),
      ),
    ),
  );
}
