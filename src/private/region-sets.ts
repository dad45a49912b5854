/** Regions among which DynamoDB keeps a table strongly consistent. All three of a table are of one set. */

const REGION_SETS: readonly (readonly string[])[] = [
  ['us-east-1', 'us-east-2', 'us-west-2'],
  ['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-central-1'],
  ['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
];

/** The set that has all of these Regions. */
export function commonRegionSet(regions: readonly string[]): readonly string[] | undefined {
  return REGION_SETS.find((set) => regions.every((region) => set.includes(region)));
}

/** For messages. */
export const REGION_SETS_TEXT = REGION_SETS.map((set) => set.join(', ')).join(' | ');
