import { readTlv, writeObject } from '../../src/qr/tlv';

test('objects in the order written', () => {
  expect(readTlv('0002016304A13A', false)).toEqual({
    ids: ['00', '63'],
    values: { '00': '01', '63': 'A13A' },
    repeated: [],
    fault: null,
  });
});

test.each([
  ['0', 'truncated', ''],
  ['00', 'truncated', '00'],
  ['000', 'truncated', '00'],
  ['0003ab', 'length_invalid', '00'],
  ['00x1a', 'length_invalid', '00'],
  ['x001a', 'value_invalid', ''],
])('%s is a fault: %s', (text, code, id) => {
  expect(readTlv(text, false).fault).toMatchObject({ code, id });
});

test('a repeated ID keeps its first value', () => {
  expect(readTlv('0001a0001b', false)).toMatchObject({ values: { '00': 'a' }, repeated: ['00'] });
});

test('a pair of surrogates is one character', () => {
  expect(readTlv('0002👀a', true).values).toEqual({ '00': '👀a' });
  expect(writeObject('00', '👀a', true)).toBe('0002👀a');
});

test('99 characters fit, 100 do not', () => {
  expect(writeObject('00', '👀'.repeat(99), true)).toHaveLength(4 + 198);
  expect(writeObject('00', 'a'.repeat(100), false)).toBeNull();
});
