/** Trace context, W3C: what is taken over, what is not, and that the bank and the log get it. */
import fc from 'fast-check';
import { traceOf } from '../../../src/handler/http/trace';

const REQUEST_ID = '3f2b8c1e-1a2b-4c3d-8e4f-abcdefabcdef';
const OWN = '3f2b8c1e1a2b4c3d8e4fabcdefabcdef';
const SPAN = '8e4fabcdefabcdef';
const ID = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

function trace(traceparent?: string, tracestate?: string) {
  const given = { ...(traceparent !== undefined && { traceparent }), ...(tracestate !== undefined && { tracestate }) };
  const { id, context } = traceOf(given, REQUEST_ID);
  return { id, context: context() };
}

test('a request without one begins its own, under its own id', () => {
  expect(trace()).toEqual({ id: OWN, context: { traceparent: `00-${OWN}-${SPAN}-00` } });
});

test.each([
  ['sampled', `00-${ID}-${PARENT}-01`, '01'],
  ['not sampled', `00-${ID}-${PARENT}-00`, '00'],
  ['flags of a later level', `00-${ID}-${PARENT}-ff`, '01'],
  ['a later version', `cc-${ID}-${PARENT}-01-what-comes-later`, '01'],
  ['a later version with nothing more', `01-${ID}-${PARENT}-01`, '01'],
  ['space around', ` 00-${ID}-${PARENT}-01 `, '01'],
])('%s: the trace goes on, with this request as the parent', (_, traceparent, flags) => {
  expect(trace(traceparent)).toEqual({ id: ID, context: { traceparent: `00-${ID}-${SPAN}-${flags}` } });
});

test.each([
  ['nothing', ''],
  ['words', 'canary-trace'],
  ['capitals', `00-${ID.toUpperCase()}-${PARENT}-01`],
  ['no trace', `00-${'0'.repeat(32)}-${PARENT}-01`],
  ['no parent', `00-${ID}-${'0'.repeat(16)}-01`],
  ['the version that is none', `ff-${ID}-${PARENT}-01`],
  ['more than version 00 has', `00-${ID}-${PARENT}-01-more`],
  ['a later version glued to more', `01-${ID}-${PARENT}-01more`],
  ['too short', `00-${ID.slice(1)}-${PARENT}-01`],
  ['too long', `00-${ID}0-${PARENT}-01`],
  ['no flags', `00-${ID}-${PARENT}`],
  ['not hexadecimal', `00-${ID.replace('0', 'g')}-${PARENT}-01`],
  ['two of them', `00-${ID}-${PARENT}-01, 00-${ID}-${PARENT}-01`],
  ['a card number', `00-4111111111111111${'a'.repeat(16)}-${PARENT}-01`],
])('%s: a new trace, and no state of the old one', (_, traceparent) => {
  expect(trace(traceparent, 'vendor=1')).toEqual(trace());
});

test.each([
  ['one', 'congo=t61rcWkgMzE', 'congo=t61rcWkgMzE'],
  ['several, tidied', ' rojo=00f067aa0ba902b7 ,congo=t61rcWkgMzE, ', 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE'],
  ['of a tenant', 'fw529a3039@dt=FfAAAA', 'fw529a3039@dt=FfAAAA'],
])('a state is passed on: %s', (_, given, expected) => {
  expect(trace(`00-${ID}-${PARENT}-01`, given).context.tracestate).toBe(expected);
});

test.each([
  ['empty', ''],
  ['no value', 'congo'],
  ['a key with capitals', 'Congo=1'],
  ['the same key twice', 'congo=1,congo=2'],
  ['an equals sign in a value', 'congo=a=b'],
  ['what no header may hold', 'congo=caf\u00e9'],
  ['33 members', [...Array(33).keys()].map((n) => `k${n}=v`).join(',')],
  ['more than 512 characters', `a=${'v'.repeat(255)},b=${'v'.repeat(255)}`],
  ['a card number', 'congo=4111111111111111'],
])('a state is left out whole: %s', (_, tracestate) => {
  expect(trace(`00-${ID}-${PARENT}-01`, tracestate).context).toEqual({ traceparent: `00-${ID}-${SPAN}-01` });
});

test('whatever comes in, what goes out is well formed', () => {
  const hex = (length: number) =>
    fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
  const close = fc.tuple(hex(2), hex(32), hex(16), hex(2)).map((parts) => parts.join('-'));
  fc.assert(
    fc.property(fc.oneof(close, fc.string()), fc.string(), (traceparent, tracestate) => {
      const { id, context } = trace(traceparent, tracestate);
      expect(id).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
      expect(context.traceparent).toBe(`00-${id}-${SPAN}-${context.traceparent.slice(-2)}`);
      expect(context.traceparent).toMatch(/-0[01]$/);
      expect(context.tracestate ?? 'a=b').toMatch(/^[\x20-\x7e]{3,512}$/);
    }),
  );
});
