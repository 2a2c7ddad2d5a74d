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
