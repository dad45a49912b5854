/** One payment as the model keeps it: an item with its operations, what may be begun on it, and what the bank has of it. */
import { Catalogue, type Coded } from './codes';

export type Region = 'A' | 'B';
export type CaptureMethod = 'automatic' | 'manual';
export type Kind = 'sale' | 'authorize' | 'capture' | 'cancel' | 'refund';

/** What the customer owes. Clients ask for parts of it. */
export const AMOUNT = 2;
/** Who an operation is by that was found at the bank: nobody knows which client's key led to it. */
export const FOUND = '?';

export interface Operation {
  /** `<kind>.<n>` */
  readonly op: string;
  readonly kind: Kind;
  readonly amount: number;
  /** The client's request, which stands for its idempotency key, or `FOUND`. */
  readonly by: string;
  readonly standing: 'pending' | 'approved' | 'declined';
}

export interface Content {
  /** The Region in the payment's id. */
  readonly home: Region;
  readonly revision: number;
  /** Of the lease under which it was last written. */
  readonly epoch: number;
  /** Tick of the write by the clock of the Region's store: later wins. */
  readonly at: number;
  readonly operations: readonly Operation[];
  /** The request that cancelled it before anything was authorized; expiry works the same way. */
  readonly closedBy: string;
}
export type Item = Coded<Content>;

/** What the bank has done under a name. */
export interface BankRecord {
  readonly home: Region;
  /** The whole name is the payment's id, this, and whatever else a wrong design puts in. */
  readonly op: string;
  readonly suffix: string;
  readonly kind: Kind;
  readonly amount: number;
  /** Whose request it was: for the laws. The bank does not know. */
  readonly by: string;
  readonly approved: boolean;
}

export interface Request {
  readonly name: string;
  readonly asks: 'create' | 'pay' | 'capture' | 'cancel' | 'refund';
  readonly amount: number;
  /** The home in the id of the payment that it is about; a create has none yet. */
  readonly home?: Region;
}

export const ITEMS = new Catalogue<Content>(({ home, revision, epoch, at, operations, closedBy }) => {
  const steps = operations.map(({ op, amount, by, standing }) => `${op}=${amount}${by}${standing}`);
  return `${home}${revision}/${epoch}@${at}[${steps}]${closedBy}`;
});

/** Last writer wins. A write over a version that it has seen is never the older one: its revision is higher. */
export function isNewer(one: Content, two: Content): boolean {
  if (one.at !== two.at) return one.at > two.at;
  if (one.revision !== two.revision) return one.revision > two.revision;
  // Both at one instant: whichever suits us less.
  return one.epoch < two.epoch;
}

export function pendingOperation({ operations }: Content): Operation | undefined {
  return operations.find(({ standing }) => standing === 'pending');
}

export function sumOf({ operations }: Content, ...kinds: Kind[]): number {
  return operations
    .filter(({ kind, standing }) => standing === 'approved' && kinds.includes(kind))
    .reduce((sum, { amount }) => sum + amount, 0);
}

export function isFirstStep(kind: Kind): boolean {
  return kind === 'sale' || kind === 'authorize';
}

/** What may be begun now: the request's step, the payment's end without the bank, or nothing. */
export function decide(item: Content, { asks, amount }: Request, method: CaptureMethod): Kind | 'close' | undefined {
  const possible = possibleKinds(item, method);
  switch (asks) {
    case 'create':
      return undefined;
    case 'pay':
      return possible.find(isFirstStep);
    case 'cancel':
      return possible.some(isFirstStep) ? 'close' : possible.find((kind) => kind === 'cancel');
    case 'capture':
      return possible.find((kind) => kind === 'capture');
    case 'refund':
      return amount <= sumOf(item, 'sale', 'capture') - sumOf(item, 'refund')
        ? possible.find((kind) => kind === 'refund')
        : undefined;
  }
}

/** What can follow at the bank. */
function possibleKinds(item: Content, method: CaptureMethod): readonly Kind[] {
  if (item.closedBy !== '' || pendingOperation(item) !== undefined || sumOf(item, 'cancel') > 0) return [];
  const captured = sumOf(item, 'sale', 'capture');
  if (captured > 0) return sumOf(item, 'refund') < captured ? ['refund'] : [];
  if (sumOf(item, 'authorize') > 0) return ['capture', 'cancel'];
  return method === 'automatic' ? ['sale'] : ['authorize'];
}

export function nextOp({ operations }: Content, kind: Kind): string {
  return `${kind}.${operations.filter((each) => each.kind === kind).length + 1}`;
}

/** The bank's record decides, its amount too. */
export function settled(item: Content, op: string, { amount, approved }: BankRecord): Content {
  const standing = approved ? 'approved' : 'declined';
  return {
    ...item,
    operations: item.operations.map((each) => (each.op === op ? { ...each, amount, standing } : each)),
  };
}

/** Adds every step that can have followed and that the bank knows. Without any it is the same item. */
export function withFound(item: Content, method: CaptureMethod, find: (op: string) => BankRecord | undefined): Content {
  for (const kind of possibleKinds(item, method)) {
    const op = nextOp(item, kind);
    const record = find(op);
    if (record === undefined) continue;
    const step: Operation = { op, kind, amount: record.amount, by: FOUND, standing: 'pending' };
    return withFound(settled({ ...item, operations: [...item.operations, step] }, op, record), method, find);
  }
  return item;
}
