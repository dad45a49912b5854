/** The penalty rules of ISO/IEC 18004, 7.8.3 word by word: slow, and written without a look at ours. */

export function plainPenalty(modules: Uint8Array, size: number): number {
  const rows = Array.from({ length: size }, (_, row) =>
    Array.from(modules.subarray(row * size, (row + 1) * size)).join(''),
  );
  const columns = rows.map((_, column) => rows.map((row) => row[column]).join(''));
  let points = 0;
  for (const line of [...rows, ...columns]) {
    for (const run of line.match(/0{5,}|1{5,}/g) ?? []) points += 3 + (run.length - 5);
    points += 40 * [...line.matchAll(/(?=10111010000)|(?=00001011101)/g)].length;
  }
  for (let row = 1; row < size; row++) {
    for (let column = 1; column < size; column++) {
      const block = rows[row - 1]!.slice(column - 1, column + 1) + rows[row]!.slice(column - 1, column + 1);
      if (block === '0000' || block === '1111') points += 3;
    }
  }
  const darkPercent = (100 * rows.join('').replaceAll('0', '').length) / (size * size);
  return points + 10 * Math.floor(Math.abs(darkPercent - 50) / 5);
}
