/** What a design of the takeover consists of. Each rule can be left out, to see what it is there for. */
import type { CaptureMethod, Request } from './book';

export interface Design {
  /** `strong`: one register. `eventual`: a copy in each Region, replicated later, last writer wins. */
  readonly consistency: 'strong' | 'eventual';
  /** Whose Region a new payment's id names: one of the pair's for both Regions, or that of the Region which makes it. */
  readonly newIds: 'of-the-pair' | 'of-each-region';
  /** A create looks for its key under the other Region's id, too. */
  readonly looksUnderEachId: boolean;
  /** Without the lease, a Region sends neither writes nor requests to the bank. */
  readonly fence: boolean;
  /** When a process looks whether its Region has the lease, and whether it is still the one that the process began under. */
  readonly leaseChecked: 'at-each-send' | 'at-each-send-without-epoch' | 'once-a-request';
  /** Ticks from the last renewal until another Region may have the lease. */
  readonly waitTicks: number;
  /** What the bank is asked about before it is written under a new lease, until the holder has all that was written before. */
  readonly quarantine:
    | 'every-write'
    | 'all-but-creates'
    | 'all-but-outcomes'
    | 'payments-touched-since-replication-stopped'
    | 'none';
  /** Where the bank's name for a step comes from. */
  readonly opKeys: 'item' | 'process';
  /** A payment of which a refund was found at the bank, under nobody knows which key, takes no new ones. */
  readonly foundRefundsLock: boolean;
  /** What the lost Region wrote last is read from its stream once it is back. */
  readonly reportReadsStream: boolean;
  /** The lease goes back only when each Region has what the other one wrote. */
  readonly failBackWaitsForReplication: boolean;
}

/** Lease, request deadline, and how far apart clocks may be, each the shortest that there is in ticks. */
export const TICKS = { lease: 1, deadline: 1, holderClock: 1, storeClock: 1 } as const;

const WAIT = TICKS.lease + TICKS.deadline + TICKS.holderClock + TICKS.storeClock;

export const EVENTUAL: Design = {
  consistency: 'eventual',
  newIds: 'of-the-pair',
  looksUnderEachId: false,
  fence: true,
  leaseChecked: 'at-each-send',
  waitTicks: WAIT,
  quarantine: 'every-write',
  opKeys: 'item',
  foundRefundsLock: true,
  reportReadsStream: true,
  failBackWaitsForReplication: true,
};

/** Both Regions write at any time. */
export const STRONG: Design = {
  ...EVENTUAL,
  consistency: 'strong',
  fence: false,
  quarantine: 'none',
  reportReadsStream: false,
};

/** Where a story begins, and who asks for what in it, any number of times in either Region. */
export interface Story {
  readonly captureMethod: CaptureMethod;
  /** What has been done and replicated before. */
  readonly before: 'nothing' | 'created' | 'authorized' | 'captured';
  readonly requests: readonly Request[];
  /** The step that the bank may decline. */
  readonly mayDecline?: string;
}

const pay = (name: string, home: 'A' | 'B' = 'A'): Request => ({ name, asks: 'pay', amount: 2, home });
const capture = (name: string, amount: number): Request => ({ name, asks: 'capture', amount, home: 'A' });
const refund = (name: string, amount: number): Request => ({ name, asks: 'refund', amount, home: 'A' });
const create: Request = { name: 'create', asks: 'create', amount: 2 };
const cancel: Request = { name: 'cancel', asks: 'cancel', amount: 2, home: 'A' };

export const STORIES = {
  'two wallets pay what is made or cancelled': {
    captureMethod: 'automatic',
    before: 'nothing',
    requests: [create, pay('pay-1'), pay('pay-2'), cancel],
  },
  'declined and paid by another wallet': {
    captureMethod: 'automatic',
    before: 'created',
    mayDecline: 'sale.1',
    requests: [pay('pay-1'), pay('pay-2')],
  },
  'one key in two Regions': {
    captureMethod: 'automatic',
    before: 'nothing',
    requests: [create, pay('pay-1'), pay('pay-2', 'B')],
  },
  'authorized and captured': {
    captureMethod: 'manual',
    before: 'created',
    requests: [pay('pay-1'), capture('capture-1', 1), cancel],
  },
  'captured twice or voided': {
    captureMethod: 'manual',
    before: 'authorized',
    requests: [capture('capture-1', 1), capture('capture-2', 2), cancel],
  },
  'refunded by equal parts': {
    captureMethod: 'automatic',
    before: 'captured',
    requests: [refund('refund-1', 1), refund('refund-2', 1)],
  },
  'refunded in part and whole': {
    captureMethod: 'automatic',
    before: 'captured',
    requests: [refund('refund-1', 1), refund('refund-2', 2)],
  },
} as const satisfies Readonly<Record<string, Story>>;
