// What every stored payment must be by itself, whoever wrote it: states, amounts, events. It folds the events in its own words and
// shares no code with the handler.

const TERMINAL = ['cancelled', 'expired', 'refunded', 'failed'];
/** From where each kind of operation may begin. */
const BEGINS = {
  authorize: ['created'],
  sale: ['created'],
  capture: ['authorized'],
  cancel: ['authorized'],
  refund: ['captured', 'partially_refunded'],
};
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @param report called with (invariant, what) for each violation */
export function checkPayment(item, report) {
  const { amount, events } = item;
  if (!isAmount(amount.value)) report('I01', `an amount of ${amount.value}`);
  const state = { status: 'created', authorized: 0, captured: 0, refunded: 0 };
  const operations = new Map();
  let last = '';
  events.forEach((event, at) => {
    const version = at + 1;
    if ((event.type === 'created') !== (version === 1)) report('I10', `${event.type} at version ${version}`);
    if (event.at < last) report('I27', `version ${version} is older than the one before`);
    last = event.at;
    if (!event.by || (event.by !== 'system' && event.requestId !== undefined && !UUID.test(event.requestId))) {
      report('I40', `version ${version} does not say who`);
    }
    if (TERMINAL.includes(state.status)) report('I09', `${event.type} at version ${version}, after ${state.status}`);
    apply(item, state, operations, event, version, report);
    const { authorized, captured, refunded } = state;
    const rising = [0, refunded, captured, authorized, amount.value];
    if (rising.some((value, n) => n > 0 && rising[n - 1] > value))
      report('I02', `version ${version}: ${rising.join(' <= ')} does not hold`);
  });
  checkProjections(item, state, [...operations.values()], report);
}

function apply(item, state, operations, event, version, report) {
  const pending = [...operations.values()].find(({ status }) => status === 'pending');
  switch (event.type) {
    case 'created':
      return;
    case 'expired':
    case 'cancelled':
      if (state.status !== 'created' || pending)
        report('I08', `${event.type} at version ${version} of what was ${state.status}`);
      if (event.type === 'expired' && event.at < item.expiresAt) report('I26', 'expired before its time');
      state.status = event.type;
      return;
    case 'operation_pending':
      return begin(item, state, operations, pending, event, version, report);
    case 'operation_late':
      return report('I28', `${event.op} is late at version ${version}, of a bank that never takes its word back`);
    default:
      return settle(state, operations.get(event.op), event, version, report);
  }
}

function begin(item, state, operations, pending, event, version, report) {
  const { op, amount, at } = event;
  const [kind] = op.split('.');
  const ordinal = [...operations.keys()].filter((each) => each.startsWith(`${kind}.`)).length + 1;
  if (op !== `${kind}.${ordinal}`) report('I07', `${op} is not the next ${kind}`);
  if (pending) report('I08', `${op} begins while ${pending.op} has no outcome`);
  if (!BEGINS[kind]?.includes(state.status))
    report('I08', `${kind} begins at version ${version} of what is ${state.status}`);
  if (!isAmount(amount)) report('I01', `${op} of ${amount}`);
  if (['authorize', 'sale'].includes(kind)) {
    if (at >= item.expiresAt) report('I26', `${op} began after the payment had expired`);
    if (amount !== item.amount.value) report('I30', `${op} of ${amount}, the payment is of ${item.amount.value}`);
  }
  if (event.by === 'system' || event.requestId === undefined) report('I40', `${op} does not say whose request it was`);
  operations.set(op, { op, kind, amount, status: 'pending' });
}

function settle(state, operation, event, version, report) {
  if (operation === undefined) return report('I08', `an outcome of ${event.op}, which never began`);
  if (operation.status !== 'pending') return report('I10', `a second outcome of ${event.op} at version ${version}`);
  if (event.type === 'operation_unknown') return;
  operation.status = event.type.slice('operation_'.length);
  if (operation.status !== 'succeeded') return;
  const { kind, amount } = operation;
  if (kind === 'authorize' || kind === 'sale') state.authorized = amount;
  if (kind === 'capture' && state.captured > 0) report('I12', `${event.op} is a second capture`);
  if (kind === 'capture' || kind === 'sale') state.captured += amount;
  if (kind === 'refund') state.refunded += amount;
  state.status = {
    authorize: 'authorized',
    sale: 'captured',
    capture: 'captured',
    cancel: 'cancelled',
    refund: state.refunded === state.captured ? 'refunded' : 'partially_refunded',
  }[kind];
}

function checkProjections(item, state, operations, report) {
  if (item.version !== item.events.length) report('I10', `version ${item.version} of ${item.events.length} events`);
  for (const counter of ['authorized', 'captured', 'refunded']) {
    if (item[counter] !== state[counter])
      report('I03', `${counter} ${item[counter]}; the operations sum to ${state[counter]}`);
  }
  if (item.status !== state.status) report('I08', `stored as ${item.status}, the events say ${state.status}`);
  if (item.captured > 0 && ['cancelled', 'expired'].includes(item.status)) report('I11', `captured and ${item.status}`);
  const open = operations.filter(({ status }) => status === 'pending').map(({ op }) => op);
  if (open.length > 0) report('I37', `${open.join(', ')} has no outcome`);
  if (open.length === 0 && item.payerToken !== undefined) report('I39', 'the token outlives the operation');
  if (open.length === 0 && item.pendingShard !== undefined) report('I37', 'still in the index of what is pending');
}

function isAmount(value) {
  return Number.isSafeInteger(value) && value >= 1 && value <= 1e12;
}
