/** IBKR's order statuses in this system's words (BRK-4): the table, and the one reader of it. */
import { decimal } from '../../domain/money.js';
import type { DecimalText } from '../../domain/money.js';
import type { OrderStatus } from '../../domain/vocabulary.js';

export interface StatusRow {
  readonly brokerStatus: string;
  readonly status: OrderStatus;
  /** What makes this row apply rather than the later one of the same broker status. */
  readonly when: 'always' | 'held by parent or locate' | 'filled in part' | 'a rejecting code came';
  readonly meaning: string;
}

/** Rows of one broker status are tried from the top. */
export const STATUS_TABLE: readonly StatusRow[] = [
  row('ApiPending', 'PENDING', 'always', 'in the API, not yet at the broker'),
  row('PendingSubmit', 'PENDING', 'always', 'sent on, not yet confirmed'),
  row('PreSubmitted', 'HELD', 'held by parent or locate', 'waits for its parent or for shares'),
  row('PreSubmitted', 'PARTIAL', 'filled in part', 'works at the broker, filled in part'),
  row('PreSubmitted', 'ACCEPTED', 'always', 'works at the broker: a stop that waits is armed'),
  row('Submitted', 'HELD', 'held by parent or locate', 'waits for its parent or for shares'),
  row('Submitted', 'PARTIAL', 'filled in part', 'works, filled in part'),
  row('Submitted', 'ACCEPTED', 'always', 'works'),
  row('PendingCancel', 'CANCEL_PENDING', 'always', 'a cancel is on its way; fills are possible'),
  row('ApiCancelled', 'CANCELLED', 'always', 'cancelled before the broker confirmed it'),
  row('Cancelled', 'REJECTED', 'a rejecting code came', 'refused'),
  row('Cancelled', 'CANCELLED', 'always', 'cancelled, or died at its time in force'),
  row('Filled', 'EXECUTED', 'always', 'filled whole'),
  row('Inactive', 'REJECTED', 'a rejecting code came', 'refused'),
  row('Inactive', 'HELD', 'always', 'not working, not dead: no code says it was refused'),
];

function row(
  brokerStatus: string,
  status: OrderStatus,
  when: StatusRow['when'],
  meaning: string,
): StatusRow {
  return { brokerStatus, status, when, meaning };
}

export interface StatusFacts {
  readonly brokerStatus: string;
  /** The broker's comma-separated reasons: `child`, `locate`, `trigger`. */
  readonly whyHeld: string;
  readonly filledQuantity: DecimalText;
  /** A code of class `rejection` about this order was received. */
  readonly rejectingCode: boolean;
}

/** The status in this system's words; a word that the table lacks is UNKNOWN. */
export function orderStatusFrom(facts: StatusFacts): OrderStatus {
  const found = STATUS_TABLE.find(
    (candidate) => candidate.brokerStatus === facts.brokerStatus && applies(candidate.when, facts),
  );
  return found?.status ?? 'UNKNOWN';
}

function applies(when: StatusRow['when'], facts: StatusFacts): boolean {
  switch (when) {
    case 'always':
      return true;
    case 'held by parent or locate':
      return /child|locate/.test(facts.whyHeld);
    case 'filled in part':
      return decimal(facts.filledQuantity).gt(0);
    case 'a rejecting code came':
      return facts.rejectingCode && !decimal(facts.filledQuantity).gt(0);
  }
}
