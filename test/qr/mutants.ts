// Payloads with one or two things wrong in their objects and a CRC that fits, always the same ones for a seed.

import { oracleCrc, oraclePairs } from './oracle';

/** Mulberry32. */
export function randomOf(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Objects = [id: string, length: string, value: string][];

/** Printable ASCII, so that readers which know nothing else can be asked too. */
const scraps = [
  '0',
  '9',
  '00',
  '6304',
  '01',
  '12',
  '99',
  ' ',
  '+',
  '@',
  '.',
  '*',
  'A',
  '0000',
  '2600',
  '5802TH',
  '***',
];

/** An endless supply of mutants of `payloads`, none of them the same payload as it was. */
export function* mutantsOf(payloads: readonly string[], seed: number): Generator<string> {
  const random = randomOf(seed);
  const below = (n: number) => Math.floor(random() * n);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)];
  const splice = (text: string): string => {
    const at = below(text.length + 1);
    return text.slice(0, at) + pick(scraps) + text.slice(at + below(3));
  };
  const id = () => String(below(100)).padStart(2, '0');
  const sized = (text: string) => String(Array.from(text).length % 100).padStart(2, '0');

  const changes: ((objects: Objects, n: number) => void)[] = [
    (objects, n) => objects.splice(n, 1),
    (objects, n) => objects.splice(below(objects.length), 0, [...objects[n]]),
    (objects, n) => objects.splice(below(objects.length), 0, ...objects.splice(n, 1)),
    (objects, n) => {
      objects[n][0] = id();
    },
    (objects, n) => {
      objects[n][1] = pick(['00', '+4', ' 4', '4 ', '99', '0x', String(below(30)).padStart(2, '0')]);
    },
    (objects, n) => {
      objects[n][2] = splice(objects[n][2]);
    },
    ...[1, 2, 3].map(() => (objects: Objects, n: number) => {
      objects[n][2] = splice(objects[n][2]);
      objects[n][1] = sized(objects[n][2]);
    }),
    (objects, n) => mutateInside(objects, n),
    (objects, n) => mutateInside(objects, n),
    (objects) => objects.splice(1 + below(objects.length), 0, [id(), '03', 'abc']),
  ];
  const mutateInside = (objects: Objects, n: number): void => {
    const inner = objectsOf(objects[n][2]);
    if (inner.length === 0) return;
    changes[below(9)](inner, below(inner.length));
    objects[n][2] = textOf(inner);
    objects[n][1] = sized(objects[n][2]);
  };

  while (true) {
    const payload = pick(payloads);
    const objects = objectsOf(payload).filter(([found], n, all) => found !== '63' || n < all.length - 1);
    if (objects.length === 0) continue;
    for (let left = 1 + below(2); left > 0 && objects.length > 0; left--) pick(changes)(objects, below(objects.length));
    const text = `${textOf(objects)}6304`;
    const mutant = text + oracleCrc(text);
    if (mutant !== payload) yield below(20) === 0 ? text + oracleCrc(text).toLowerCase() : mutant;
  }
}

function objectsOf(text: string): Objects {
  return (oraclePairs(text) ?? []).map(([id, value]) => [id, String(Array.from(value).length).padStart(2, '0'), value]);
}

function textOf(objects: Objects): string {
  return objects.map((parts) => parts.join('')).join('');
}
