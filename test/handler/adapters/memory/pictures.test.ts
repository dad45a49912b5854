import { createMemoryPictures, createPictureShelf } from '../../../../src/handler/adapters/memory/pictures';

const KEEP_MS = 60_000;
const picture = (name: string) => Buffer.from(name.repeat(10));

test('a picture is drawn once for each name', () => {
  const pictures = createMemoryPictures();
  let drawn = 0;
  const draw = (name: string) => () => {
    drawn++;
    return picture(name);
  };

  const seen = ['a', 'b', 'a', 'b'].map((name) => pictures.get(name, KEEP_MS, draw(name)));

  expect(seen).toEqual([picture('a'), picture('b'), picture('a'), picture('b')]);
  expect(drawn).toBe(2);
});

test('where there is no room left, the oldest is drawn again', () => {
  const pictures = createMemoryPictures(createPictureShelf(25));
  const drawn: string[] = [];

  for (const name of ['a', 'b', 'c', 'c', 'a']) {
    pictures.get(name, KEEP_MS, () => {
      drawn.push(name);
      return picture(name);
    });
  }

  expect(drawn).toEqual(['a', 'b', 'c', 'a']);
});
