// One app, timed: `node app.cjs <root of the package> empty|table|full <modules>`. Its figures are the last line on stdout. Nothing else
// belongs there or on stderr. `modules` is a file: the modules listed there are imported beforehand; where there is none yet, it is written.
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join } = require('node:path');

const [root, what, modules] = process.argv.slice(2);
const from = createRequire(join(root, 'package.json'));
const { App, Stack } = from('aws-cdk-lib'); // naming them loads them: aws-cdk-lib is lazy
from('constructs');

const { result: library, ms: importMs } = timed(() => from(root));
const known = existsSync(modules);
if (known) for (const path of JSON.parse(readFileSync(modules, 'utf8'))) require(path);
const { ms: synthMs } = timed(synthesize);
if (!known) writeFileSync(modules, JSON.stringify(Object.keys(require.cache).filter((path) => path !== __filename)));
console.log(JSON.stringify({ importMs, synthMs }));

function synthesize() {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Payments', { env: { account: '111122223333', region: 'us-east-1' } });
  if (what === 'full') addPayments(stack);
  if (what === 'table') addTable(stack);
  app.synth();
}

function addPayments(stack) {
  const { AccountLogging, AllowFrom, Connector, PaymentProcessingService, QrPaymentApi } = library;
  const service = new PaymentProcessingService(stack, 'Service', { connector: Connector.simulator() });
  new QrPaymentApi(stack, 'Api', {
    service,
    allowFrom: [AllowFrom.accounts('111122223333')],
    accountLogging: AccountLogging.EXISTING,
  });
}

/** What of aws-cdk-lib itself warns of its own making. */
function addTable(stack) {
  const { AttributeType, TableV2 } = from('aws-cdk-lib/aws-dynamodb');
  new TableV2(stack, 'Table', { partitionKey: { name: 'pk', type: AttributeType.STRING } });
}

/** Processor time of this process. */
function timed(action) {
  const before = process.cpuUsage();
  const result = action();
  const { user, system } = process.cpuUsage(before);
  return { result, ms: (user + system) / 1000 };
}
