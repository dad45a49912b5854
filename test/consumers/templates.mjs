// Comparing templates of apps in several languages, which order keys each in its own way.

/** JSON with the keys of every object in order. */
export function sorted(value) {
  const inOrder = (_, item) =>
    item?.constructor === Object ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item;
  return JSON.stringify(value, inOrder);
}

/** Where two values differ, and how; nothing when they are equal but for the order of keys. */
export function firstDifference(expected, actual, path = '') {
  if (sorted(expected) === sorted(actual)) return undefined;
  const isLeaf = [expected, actual].some((value) => typeof value !== 'object' || value === null);
  if (isLeaf) return `${path || '/'} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`;
  const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
  const key = keys.find((name) => sorted(expected[name]) !== sorted(actual[name]));
  return firstDifference(expected[key], actual[key], `${path}/${key}`);
}
