/** Size of an item by DynamoDB's published rules: names and strings in UTF-8, numbers by their digits, a few bytes for every list and map. */
export function itemSizeBytes(item: object): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0);
}

function valueSize(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(String(Math.abs(value)).replace(/0+$/, '').length / 2) + 1;
  if (typeof value === 'boolean' || value === null) return 1;
  if (Array.isArray(value)) return 3 + value.reduce((sum: number, each) => sum + 1 + valueSize(each), 0);
  if (typeof value === 'object') return 3 + Object.keys(value).length + itemSizeBytes(value);
  throw new Error(`${typeof value} is not stored`);
}
