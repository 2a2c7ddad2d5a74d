/** The states of a trade and the moves between them, as one flat table. */

export const TRADE_STATES = [
  'RECEIVED',
  'AWAITING_APPROVAL',
  'AWAITING_OPEN',
  'PARKED',
  'ENTERING',
  'ENTRY_UNKNOWN',
  'PARTIALLY_OPEN',
  'OPEN',
  'CLOSING',
  'OVERFILLED',
  'CLOSED',
  'DENIED',
  'REJECTED',
  'CANCELLED',
  'ABANDONED',
  'EXPIRED',
  'FAILED',
] as const;
export type TradeState = (typeof TRADE_STATES)[number];

/** Where a trade can be while nothing of it was ever sent. */
export type BeforeEntryState =
  | 'RECEIVED'
  | 'AWAITING_APPROVAL'
  | 'AWAITING_OPEN'
  | 'PARKED'
  | 'DENIED'
  | 'REJECTED'
  | 'CANCELLED'
  | 'ABANDONED'
  | 'EXPIRED'
  | 'FAILED';

/** Nothing more happens by itself. Late executions and busts may still reopen those that were sent. */
export const FINAL_STATES: ReadonlySet<TradeState> = new Set<TradeState>([
  'CLOSED',
  'DENIED',
  'REJECTED',
  'CANCELLED',
  'ABANDONED',
  'EXPIRED',
  'FAILED',
]);

const BEFORE: readonly TradeState[] = ['RECEIVED', 'AWAITING_APPROVAL', 'AWAITING_OPEN', 'PARKED'];

/** Nothing was sent yet, and something may still be. */
export const BEFORE_ENTRY: ReadonlySet<string> = new Set(BEFORE);

const AT_BROKER: readonly TradeState[] = ['ENTERING', 'ENTRY_UNKNOWN'];
const HOLDING: readonly TradeState[] = ['PARTIALLY_OPEN', 'OPEN', 'CLOSING', 'OVERFILLED'];
const UNFILLED_ENDS: readonly TradeState[] = ['REJECTED', 'CANCELLED', 'EXPIRED'];
const OWN_ENDS: readonly TradeState[] = ['DENIED', 'ABANDONED', 'FAILED', ...UNFILLED_ENDS];

/** Once sent, anything that the broker tells may follow, for its messages may be late or coalesced. */
const BY_EVIDENCE: readonly TradeState[] = [...AT_BROKER, ...HOLDING, 'CLOSED', ...UNFILLED_ENDS];

/** From each state to those that may follow it directly. */
export const TRANSITIONS: Readonly<Record<TradeState, readonly TradeState[]>> = {
  RECEIVED: [...BEFORE, ...BY_EVIDENCE, ...OWN_ENDS],
  AWAITING_APPROVAL: [...BEFORE, ...BY_EVIDENCE, ...OWN_ENDS],
  AWAITING_OPEN: [...BEFORE, ...BY_EVIDENCE, ...OWN_ENDS],
  PARKED: [...BEFORE, ...BY_EVIDENCE, ...OWN_ENDS],
  // Proven never to have left, or to have arrived: it is planned again, or given up.
  ENTERING: [...BEFORE, ...BY_EVIDENCE, ...OWN_ENDS],
  ENTRY_UNKNOWN: [...BEFORE, ...BY_EVIDENCE, ...OWN_ENDS],
  // From here on shares were held; busts may take all of them away again.
  PARTIALLY_OPEN: BY_EVIDENCE,
  OPEN: BY_EVIDENCE,
  CLOSING: BY_EVIDENCE,
  OVERFILLED: BY_EVIDENCE,
  CLOSED: BY_EVIDENCE, // a late fill, a correction or a bust (TRD-12)
  REJECTED: BY_EVIDENCE,
  CANCELLED: BY_EVIDENCE,
  EXPIRED: BY_EVIDENCE,
  ABANDONED: BY_EVIDENCE, // the proof of absence was wrong
  FAILED: BY_EVIDENCE,
  DENIED: [], // nothing was ever sent
};

/** Whether a trade may go from one state to another; staying is always allowed. */
export function mayMove(from: TradeState, to: TradeState): boolean {
  return from === to || TRANSITIONS[from].includes(to);
}
