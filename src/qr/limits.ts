// Every bound of the codec in one place: loops, lengths and depths that input from outside can drive.

/** Longest payload that is read at all, in code points. A QR code holds at most 4,296 characters. */
export const maxPayloadCharacters = 4096;
/** EMVCo: a merchant-presented payload should not exceed 512 bytes; ours never does. */
export const maxEmvPayloadBytes = 512;
/** A length is two digits, so no value is longer. */
export const maxValueCharacters = 99;
/** Root, template, template inside a template: nothing nests deeper in any published profile. */
export const maxDepth = 3;
/** Amounts of this project: 1 to 10^12 minor units. */
export const maxAmountMinorUnits = 1_000_000_000_000;
/** Objects read from one consumer-presented payload, over all levels. */
export const maxBerObjects = 256;
/** Parameters of a UPI link. */
export const maxUpiParameters = 64;
/** Accounts of one merchant. */
export const maxMerchantAccounts = 20;
/** Objects of one template or of the root: IDs have two digits. */
export const maxObjects = 100;
/** Issues of one answer. A payload can break no more rules than it has objects, give or take. */
export const maxIssues = 200;
