/** The app of an integ test: its snapshot is the same on every machine. */
import { App } from 'aws-cdk-lib';
import { DISABLE_CREATION_STACK_TRACES } from 'aws-cdk-lib/cx-api';

/** Without stack traces, which hold paths of this machine, and without the tree, which nobody reviews. */
export function integApp(): App {
  return new App({ treeMetadata: false, stackTraces: false, context: { [DISABLE_CREATION_STACK_TRACES]: true } });
}
