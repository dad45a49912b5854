// Payloads of about 180 characters, 64 of each kind, so that no arm meets one value only.

const variants = Array.from({ length: 64 }, (_, n) => n);

/** A dynamic code as the handler makes it for a payment, with payment id, tag and key id. */
export function payments() {
  return variants.map((n) => ({
    '00': '01',
    '01': '12',
    26: { '00': 'com.example', '01': String(1234 + n) },
    52: '5812',
    53: '702',
    54: `${n + 1}.50`,
    58: 'SG',
    59: 'Kopi',
    60: 'SG',
    80: {
      '00': 'cdk.qr.payments',
      '01': `pay_k3v7q2mzl5x4tcw6rjhy2bno${'abcdefghijklmnop'[n % 16]}fapse1`,
      '02': `q8Zt1xN5wYb0RkUe3LhV${String(n).padStart(2, '0')}`,
      '03': 'k1',
    },
  }));
}

/** A static code of a national scheme, whose own rules are checked too. */
export function pix() {
  return variants.map((n) => ({
    '00': '01',
    '01': '11',
    26: { '00': 'br.gov.bcb.pix', '01': `123e4567-e12b-12d1-a456-4266554400${String(n).padStart(2, '0')}` },
    52: '5812',
    53: '986',
    54: `${n + 1}.25`,
    58: 'BR',
    59: 'Padaria Sol Nascente',
    60: 'Brasilia',
    61: '70074900',
    62: { '05': `PEDIDO${n}MESA12` },
  }));
}
