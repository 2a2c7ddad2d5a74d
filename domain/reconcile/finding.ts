/** What a reconciliation finds: one difference between the books and the broker, in numbers and in words. */
import type { DecimalText } from '../money.js';
import type { Side } from '../vocabulary.js';

/** Every kind there is, with what it means (docs/reconciliation.md). */
export const FINDING_KINDS = {
  external_position: 'shares that no trade holds, in a contract in which none was ever sent',
  unexplained_position: 'shares that no trade holds, in a contract that this system has traded',
  position_gone: 'trades hold shares, and the broker holds none, or the other direction',
  position_less: 'trades hold more shares than the broker',
  position_more: 'the broker holds more shares than the books say',
  closed_outside: 'somebody else has closed shares that trades still count as theirs',
  corporate_action: 'quantity and cost have changed by a ratio like that of a split',
  books_differ: 'the trades of a contract do not add up to its position in the books',
  order_missing: 'an order that the books count as live is not at the broker',
  order_without_trade: 'an own order works at the broker, and no trade counts it as live',
  unknown_reference: 'an order of this installation that the database does not know',
  foreign_order: 'an order of somebody else works in the account',
  execution_unbooked: 'an execution of the broker is not in the books',
  missed_execution: 'an execution was told late, and was booked then',
  unprotected: 'shares without an armed stop',
  excess: 'exits that could fill more than is held',
  reservation_leaked: 'a trade keeps more from others than its book asks for',
  reservation_short: 'a trade keeps less from others than its book asks for',
} as const;

export type FindingKind = keyof typeof FINDING_KINDS;

/** What is done about it. None of them writes to what belongs to somebody else. */
export const STEPS = {
  none: 'nothing: it is only told',
  wait: 'wait: what is in flight, or of unknown fate, is settled first',
  count_external: 'count it as external; it is never touched',
  book_outside:
    'book what executions, or a position that is gone, prove as closed; quarantine the symbol',
  quarantine: 'quarantine the symbol until a person has looked',
  repair: "the trade's own repair: its orders are brought to what it wants",
  mend_reservation: 'bring what the trade keeps from others to what its book asks for',
  ask: 'ask a person',
} as const;

export type Step = keyof typeof STEPS;

/** An order that works, or so many under one reference: which way, and how many shares it may still fill. */
export interface Working {
  readonly side: Side;
  readonly quantity: DecimalText;
  /** The order, for people. */
  readonly terms: string;
}

export interface Finding {
  readonly kind: FindingKind;
  /** The symbol, or the order or execution, that it is about: with the kind it names the finding. */
  readonly subject: string;
  readonly symbol: string | null;
  readonly brokerContractId: number | null;
  /** The trades concerned. */
  readonly tradeIds: readonly string[];
  /** Signed shares, or in words, what the books say; null: nothing. */
  readonly books: string | null;
  readonly broker: string | null;
  /** Shares that the broker holds more than the books, signed; null when it isn't about a position. */
  readonly difference: DecimalText | null;
  /** Per share; null when nobody knows one. */
  readonly price: DecimalText | null;
  /** Of the difference, in the account's currency; null when it isn't about a position, or has no price. */
  readonly value: DecimalText | null;
  /** Of an order that works at the broker, and of no trade: what it may still fill. Absent in older reports. */
  readonly working?: Working | null;
  /** Whether the difference counts for recovery: nothing in flight and nothing known explains it. */
  readonly isUnexplained: boolean;
  /** It may be a split, though no ratio shows: its quarantine is one for a split. Absent: it doesn't look like one. */
  readonly mayBeSplit?: boolean;
  readonly step: Step;
  /** One sentence, for people. */
  readonly summary: string;
  /** Why that step. */
  readonly why: string;
}

const NOTHING_OF_A_POSITION = {
  ...{ brokerContractId: null, difference: null, price: null, value: null },
  isUnexplained: false,
} as const;

/** A finding that isn't about the quantity of a position. */
export function finding(
  what: Omit<Finding, keyof typeof NOTHING_OF_A_POSITION> & {
    readonly brokerContractId?: number | null;
    readonly working?: Working | null;
  },
): Finding {
  return { ...NOTHING_OF_A_POSITION, ...what };
}

/** What it is of, whatever its numbers: the same in two looks when it lasts. */
export function nameOf({ kind, subject }: Pick<Finding, 'kind' | 'subject'>): string {
  return `${kind}/${subject}`;
}

/** By kind in the order of the table, then by subject: the same whatever order it was found in. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const rank = new Map(Object.keys(FINDING_KINDS).map((kind, index) => [kind, index]));
  return [...findings].sort(
    (a, b) => rank.get(a.kind)! - rank.get(b.kind)! || (a.subject < b.subject ? -1 : 1),
  );
}

/** A recovery mode names so many things that were found at the most: more nobody looks through. */
export const EVIDENCE_MAX = 200;

const TOLD_AT_ONCE: ReadonlySet<FindingKind> = new Set(['foreign_order', 'missed_execution']);

/** Nothing is done about it, so it needs no second look. */
export function isToldAtOnce({ kind }: Pick<Finding, 'kind'>): boolean {
  return TOLD_AT_ONCE.has(kind);
}

/** Those of the second look that the first one had too, with the same numbers. */
export function lasting(first: readonly Finding[], second: readonly Finding[]): Finding[] {
  const before = new Map(first.map((found) => [nameOf(found), found]));
  return second.filter((found) => {
    const earlier = before.get(nameOf(found));
    return earlier?.books === found.books && earlier.broker === found.broker;
  });
}
