/** SnapTrade's order statuses in this system's words (BRK-4): the table, and the one reader of it. */
import type { OrderStatus } from '../../domain/vocabulary.js';

export interface StatusRow {
  readonly brokerStatus: string;
  readonly status: OrderStatus;
  readonly meaning: string;
}

export const STATUS_TABLE: readonly StatusRow[] = [
  row('PENDING', 'PENDING', 'sent on, not yet confirmed by the brokerage'),
  row('ACCEPTED', 'ACCEPTED', 'works'),
  row('ACTIVATED', 'ACCEPTED', 'works'),
  row('TRIGGERED', 'ACCEPTED', 'a stop that was reached, and works as its order now'),
  row('QUEUED', 'HELD', 'waits for its session'),
  row('PENDING_RISK_REVIEW', 'HELD', 'waits for the brokerage'),
  row('CONTINGENT_ORDER', 'HELD', 'waits for another order'),
  row('STOPPED', 'HELD', 'held by the brokerage: not at work, not over'),
  row('SUSPENDED', 'HELD', 'held by the brokerage: not at work, not over'),
  row('PARTIAL', 'PARTIAL', 'works, filled in part'),
  row('EXECUTED', 'EXECUTED', 'filled whole'),
  row('CANCEL_PENDING', 'CANCEL_PENDING', 'a cancel is on its way; fills are possible'),
  row('CANCELED', 'CANCELLED', 'cancelled'),
  row('PARTIAL_CANCELED', 'CANCELLED', 'its rest is cancelled; what was filled stays filled'),
  row('REPLACE_PENDING', 'ACCEPTED', 'works until the one that replaces it does'),
  row('REPLACED', 'CANCELLED', 'another order took its place; told only if that one is not known'),
  row('REJECTED', 'REJECTED', 'refused'),
  row('FAILED', 'REJECTED', 'the brokerage never had it'),
  row('EXPIRED', 'EXPIRED', 'died at its time in force'),
];

function row(brokerStatus: string, status: OrderStatus, meaning: string): StatusRow {
  return { brokerStatus, status, meaning };
}

const BY_WORD = new Map(STATUS_TABLE.map((one) => [one.brokerStatus, one.status]));

/** The status in this system's words; a word that the table lacks (`NONE` too) is UNKNOWN. */
export function orderStatusFrom(brokerStatus: string): OrderStatus {
  return BY_WORD.get(brokerStatus) ?? 'UNKNOWN';
}
