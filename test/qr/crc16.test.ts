import fc from 'fast-check';
import { crc16, crcText } from '../../src/qr/crc16';
import { oracleCrc } from './oracle';

test('the check value of CRC-16/CCITT-FALSE', () => {
  expect(crcText(crc16('123456789'))).toBe('29B1');
});

test('the bytes of UTF-8, as Buffer writes them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => crcText(crc16(text)) === oracleCrc(text)),
  );
});

test('leading zeros are written', () => {
  expect(crcText(0x7b)).toBe('007B');
});

test('goes on from what precedes', () => {
  expect(crc16('6304', 4, crc16('0002👀'))).toBe(crc16('0002👀6304'));
});
