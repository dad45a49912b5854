/** The home Region as it stands in payment ids and index keys. */

const DIRECTIONS: Readonly<Record<string, string>> = {
  north: 'n',
  south: 's',
  east: 'e',
  west: 'w',
  central: 'c',
  northeast: 'ne',
  northwest: 'nw',
  southeast: 'se',
  southwest: 'sw',
};

/** Code of a process that runs in no Region: on a laptop. */
export const LOCAL_REGION = 'local';

/** `ap-southeast-1` → `apse1`; without a Region `local`. At most 8 characters for every Region there is. */
export function regionCode(region: string | undefined): string {
  if (region === undefined) return LOCAL_REGION;
  return region
    .split('-')
    .map((word) => DIRECTIONS[word] ?? word)
    .join('');
}
