// Bodies that are no JSON, or JSON that careful parties do not exchange, or JSON of another form.
import { create, ORDER } from './requests.mjs';

const INVALID = { statuses: [400] };
const withValue = (text) => ORDER.replace('1250', text);
const withReference = (text) => ORDER.replace('"order-1"', text);
const withMember = (text) => `${ORDER.slice(0, -1)},${text}}`;
const nested = (open, close, depth, inside = '1') => `${open.repeat(depth)}${inside}${close.repeat(depth)}`;

const cut = [...ORDER]
  .map((_, at) => create(`cut after ${at + 1} bytes`, ORDER.slice(0, at + 1), INVALID))
  .slice(0, -1);

/** Every structural character replaced by another one. */
const swapped = [...ORDER].flatMap((letter, at) =>
  '{}:,"'.includes(letter)
    ? [';', '\\'].map((other) =>
        create(`${letter} at ${at} as ${other}`, ORDER.slice(0, at) + other + ORDER.slice(at + 1), INVALID),
      )
    : [],
);

const controls = Array.from({ length: 32 }, (_, code) =>
  create(
    `U+${code.toString(16).padStart(4, '0')} raw in a string`,
    withReference(`"a${String.fromCharCode(code)}b"`),
    INVALID,
  ),
);

const escapes = [
  '\\x41',
  '\\u12',
  '\\u00zz',
  '\\u{41}',
  '\\0',
  '\\a',
  '\\v',
  "\\'",
  '\\',
  '\\ud800',
  '\\udfff',
  '\\ud800\\ud800',
  '\\ud800x',
  '\\udc00\\ud800',
  '\\uD83D',
].map((text) => create(`the escape ${text}`, withReference(`"${text}"`), INVALID));

const numbers = [
  ...[
    '1e400',
    '-1e400',
    '1e309',
    '-0',
    '-0.0',
    '0',
    '0.0',
    '-1',
    '-1250',
    '1.5',
    '12.5',
    '1250.5',
    '1e-7',
    '1e-400',
    '5e-324',
  ],
  ...['1000000000001', '1e13', '1e21', '9007199254740992', '9007199254740993', '12345678901234567890', '9'.repeat(400)],
  ...[
    '01250',
    '+1250',
    '.5',
    '5.',
    '1e',
    '1e+',
    '1.e5',
    '0x10',
    '0b1',
    '0o7',
    '1_000',
    '1,250',
    '1250n',
    '1250L',
    '١٢٥٠',
    '1250',
  ],
  ...[
    'NaN',
    'Infinity',
    '-Infinity',
    'nan',
    'undefined',
    'null',
    'true',
    '"1250"',
    '""',
    '[]',
    '[1250]',
    '{}',
    '- 1',
    '--1',
    '1 250',
  ],
]
  .filter((text) => text !== '1250')
  .map((text) => create(`the value ${text.slice(0, 30)}`, withValue(text), INVALID));

const twice = [
  ['reference', withMember('"reference":"order-2"')],
  ['reference with the same value', withMember('"reference":"order-1"')],
  ['reference, once escaped', withMember('"referen\\u0063e":"order-2"')],
  ['reference, all escaped', withMember('"\\u0072\\u0065\\u0066\\u0065\\u0072\\u0065\\u006e\\u0063\\u0065":"x"')],
  ['amount', withMember('"amount":{"currency":"SGD","value":1}')],
  ['amount, the second null', withMember('"amount":null')],
  ['value', ORDER.replace('1250', '1250,"value":1')],
  ['value before', ORDER.replace('"currency"', '"value":1,"currency"')],
  ['currency', ORDER.replace('"SGD"', '"SGD","currency":"THB"')],
  ['a key of metadata', withMember('"metadata":{"a":"1","a":"2"}')],
  ['a key of metadata, once escaped', withMember('"metadata":{"a":"1","\\u0061":"2"}')],
  ['an empty key of metadata', withMember('"metadata":{"":"1","":"2"}')],
  ['metadata', withMember('"metadata":{},"metadata":{"a":"b"}')],
  ['captureMethod', withMember('"captureMethod":"manual","captureMethod":"automatic"')],
  ['a member in a list', `[${ORDER.slice(0, -1)},"reference":"x"}]`],
].map(([what, body]) => create(`${what} twice`, body, INVALID));

const depths = [9, 10, 16, 33, 100, 1000, 2500].flatMap((depth) => [
  create(`${depth} lists`, nested('[', ']', depth), INVALID),
  create(`${depth} objects`, nested('{"a":', '}', depth), INVALID),
  create(`${depth} of both`, nested('[{"a":', '}]', Math.ceil(depth / 2)), INVALID),
  create(`${depth} lists in metadata`, withMember(`"metadata":{"a":${nested('[', ']', depth)}}`), INVALID),
  create(`${depth} lists that never end`, '['.repeat(depth), INVALID),
]);

const names = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  'then',
  'toJSON',
  'length',
];
const prototypes = names.flatMap((name) => [
  create(`${name} beside the amount`, withMember(`"${name}":{"value":1}`), INVALID),
  create(`${name} in the amount`, ORDER.replace('1250', `1250,"${name}":1`), INVALID),
  create(`${name} for the value`, ORDER.replace('"value"', `"${name}"`), INVALID),
]);

const WRONG = ['null', 'true', 'false', '0', '-1', '1.5', '""', '[]', '{}', '[{}]', '"\\u0000"'];
const members = {
  amount: WRONG,
  captureMethod: WRONG,
  expiresInSeconds: WRONG,
  metadata: WRONG.filter((each) => each !== '{}'),
};
const types = Object.entries(members).flatMap(([member, values]) =>
  values.map((value) => {
    const body =
      member === 'amount'
        ? ORDER.replace('{"currency":"SGD","value":1250}', value)
        : withMember(`"${member}":${value}`);
    return create(`${member} as ${value}`, body, INVALID);
  }),
);

const roots = [
  '',
  ' ',
  '\n',
  'null',
  'true',
  '0',
  '""',
  '"x"',
  '[]',
  '[[]]',
  '{}',
  '{"":""}',
  `[${ORDER}]`,
  ORDER + ORDER,
  `${ORDER},`,
  `${ORDER}\0`,
  `\0${ORDER}`,
];
const others = [
  ...[
    `${ORDER}//x`,
    `/**/${ORDER}`,
    `#\n${ORDER}`,
    `;${ORDER}`,
    `)]}',\n${ORDER}`,
    `for(;;);${ORDER}`,
    `callback(${ORDER})`,
    `${ORDER};`,
  ],
  ...[
    ORDER.replaceAll('"', "'"),
    ORDER.replace('"reference"', 'reference'),
    `${ORDER.slice(0, -1)},}`,
    `{,${ORDER.slice(1)}`,
  ],
  ...[
    'amount=1250&reference=a',
    '<a/>',
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    '---\namount: 1',
    '%PDF-1.4',
  ],
].map((body) => create(`${JSON.stringify(body.slice(0, 30))}`, body, INVALID));

export const json = {
  'JSON cut off': cut,
  'JSON with a character swapped': swapped,
  'control characters': controls,
  'bad escapes': escapes,
  'bad numbers': numbers,
  'duplicate members': twice,
  depth: depths,
  'prototype names': prototypes,
  'wrong types': types,
  'wrong roots': [
    ...roots.map((body) => create(`the body ${JSON.stringify(body.slice(0, 30))}`, body, INVALID)),
    ...others,
  ],
};
