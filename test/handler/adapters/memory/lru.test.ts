import { Lru } from '../../../../src/handler/adapters/memory/lru';

test('what was not used for the longest time goes first', () => {
  const lru = new Lru<number>(2);
  lru.set('a', 1);
  lru.set('b', 2);
  lru.get('a');

  lru.set('c', 3);

  expect([lru.get('a'), lru.get('b'), lru.get('c')]).toEqual([1, undefined, 3]);
});

test('sizes count, also of what takes the place of another', () => {
  const lru = new Lru<string>(10, (value) => value.length);
  lru.set('a', 'xxxx');
  lru.set('a', 'xxxxxx');
  lru.set('b', 'xxxx');
  expect([lru.get('a'), lru.get('b')]).toEqual(['xxxxxx', 'xxxx']);

  lru.set('c', 'x');

  expect([lru.get('a'), lru.get('b'), lru.get('c')]).toEqual([undefined, 'xxxx', 'x']);
});

test('what is larger than the whole is not kept, and nothing leaves for it', () => {
  const lru = new Lru<string>(3, (value) => value.length);
  lru.set('a', 'xx');

  lru.set('b', 'xxxx');

  expect([lru.get('a'), lru.get('b')]).toEqual(['xx', undefined]);
});
