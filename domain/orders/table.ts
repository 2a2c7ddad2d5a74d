/** The order machine's flat table: from a status, by what is reported, to a status. */
import type { OrderStatus } from '../vocabulary.js';

/** The broker has done with these; late messages change nothing. */
export const ENDED: ReadonlySet<OrderStatus> = new Set<OrderStatus>([
  'EXECUTED',
  'CANCELLED',
  'REJECTED',
  'EXPIRED',
]);

/** Whether an order of this status never works again: the broker has done with it, or never had it. */
export function hasEnded(status: OrderStatus): boolean {
  return ENDED.has(status) || status === 'FAILED';
}

type Row = Readonly<Record<OrderStatus, OrderStatus>>;

/** Where every status message is news: nothing better is known. */
const FIRST_WORD: Row = {
  PENDING: 'PENDING',
  ACCEPTED: 'ACCEPTED',
  HELD: 'HELD',
  PARTIAL: 'ACCEPTED', // partly filled only once an execution says so
  EXECUTED: 'ACCEPTED', // a hint: executions are the truth
  CANCEL_PENDING: 'CANCEL_PENDING',
  CANCELLED: 'CANCELLED',
  REJECTED: 'REJECTED',
  EXPIRED: 'EXPIRED',
  FAILED: 'ACCEPTED', // not a word of the broker's; that it spoke is proof that the order exists
  UNKNOWN: 'ACCEPTED', // a status without a meaning: the order exists
};

const stays = (status: OrderStatus): Row =>
  Object.fromEntries(Object.keys(FIRST_WORD).map((reported) => [reported, status])) as Row;

export const STATUS_TABLE: Readonly<Record<OrderStatus, Row>> = {
  PENDING: FIRST_WORD,
  UNKNOWN: FIRST_WORD,
  FAILED: FIRST_WORD, // the inference was wrong: the broker has it
  ACCEPTED: { ...FIRST_WORD, PENDING: 'ACCEPTED' }, // a late first message
  HELD: { ...FIRST_WORD, PENDING: 'HELD', FAILED: 'HELD', UNKNOWN: 'HELD' },
  PARTIAL: {
    ...FIRST_WORD,
    PENDING: 'PARTIAL',
    ACCEPTED: 'PARTIAL',
    HELD: 'PARTIAL',
    PARTIAL: 'PARTIAL',
    EXECUTED: 'PARTIAL',
    FAILED: 'PARTIAL',
    UNKNOWN: 'PARTIAL',
  },
  CANCEL_PENDING: {
    ...stays('CANCEL_PENDING'), // a status from before the cancel; a refusal has its own event
    CANCELLED: 'CANCELLED',
    REJECTED: 'REJECTED',
    EXPIRED: 'EXPIRED',
  },
  EXECUTED: stays('EXECUTED'),
  CANCELLED: stays('CANCELLED'),
  REJECTED: stays('REJECTED'),
  EXPIRED: stays('EXPIRED'),
};

/** The status after a status message, which may be old. */
export function moveOnStatus(
  from: OrderStatus,
  reported: OrderStatus,
  partlyFilled: boolean,
): OrderStatus {
  return withFills(STATUS_TABLE[from][reported], partlyFilled);
}

/** The status after a look-up: what a listing shows is the present, so a live status yields to it. */
export function moveOnListing(
  from: OrderStatus,
  found: OrderStatus,
  partlyFilled: boolean,
): OrderStatus {
  return ENDED.has(from) ? from : withFills(FIRST_WORD[found], partlyFilled);
}

/** The status after an execution or a bust. */
export function moveOnExecution(from: OrderStatus, partlyFilled: boolean): OrderStatus {
  if (ENDED.has(from) || from === 'CANCEL_PENDING') return from;
  return withFills('ACCEPTED', partlyFilled);
}

function withFills(status: OrderStatus, partlyFilled: boolean): OrderStatus {
  if (status === 'PARTIAL') return partlyFilled ? 'PARTIAL' : 'ACCEPTED';
  const open = status === 'ACCEPTED' || status === 'HELD' || status === 'PENDING';
  return open && partlyFilled ? 'PARTIAL' : status;
}
