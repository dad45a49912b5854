/** Money is an integer in minor units of an ISO 4217 currency. There are no floats here. */

export interface Amount {
  /** ISO 4217 alphabetic code. */
  readonly currency: string;
  /** Minor units: 1250 SGD is 12.50 Singapore dollars, 1250 JPY is 1250 yen. */
  readonly value: number;
}
