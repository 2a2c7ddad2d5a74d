/**
 * A deposit or a withdrawal as a person tells it (RSK-8). The broker's socket tells none, and cash alone does not
 * say what moved it: interest, a dividend and a deposit look the same.
 */
import { brokerDay } from './calendar.js';
import { decimal, text, ZERO, type DecimalText } from './money.js';
import type { EpochMs } from './vocabulary.js';

export type MovementKind = 'deposit' | 'withdrawal';

/** As it was typed. */
export interface MovementTold {
  readonly kind: MovementKind;
  /** Above zero, in the account's base currency. */
  readonly amount: string;
  /** ISO 8601 with its zone; null: now. */
  readonly at: string | null;
  /** Null: one is made of kind, amount and day. */
  readonly reference: string | null;
  readonly note: string | null;
}

export interface Movement {
  /** Signed: below zero for a withdrawal. */
  readonly amount: DecimalText;
  readonly atMs: EpochMs;
  readonly reference: string;
  readonly note: string | null;
}

/** As wide as its column, and as a line of a list. */
export const REFERENCE_CHARACTERS_MAX = 64;
/** It goes into a list, not into an essay. */
export const NOTE_CHARACTERS_MAX = 200;
/** Whoever types an instant of more than a year ago has mistaken the year. */
const BACK_MAX_MS = 366 * 86_400_000;
/** The columns' own bounds, a margin below them. */
const AMOUNT_MAX = decimal('1000000000000');
const AMOUNT_DECIMALS_MAX = 8;

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/**
 * Reads what was typed.
 * @throws RangeError that names what is wrong, and what is allowed
 */
export function movementOf(told: MovementTold, nowMs: EpochMs): Movement {
  const amount = amountOf(told.amount);
  const atMs = instantOf(told.at, nowMs);
  const note = told.note?.trim() || null;
  if (note !== null && note.length > NOTE_CHARACTERS_MAX) {
    throw new RangeError(
      `the note has ${note.length} characters, allowed are ${NOTE_CHARACTERS_MAX}`,
    );
  }
  const signed = told.kind === 'deposit' ? amount : amount.neg();
  const reference = referenceOf(
    told.reference ?? `${told.kind}-${text(amount)}-${brokerDay(atMs)}`,
  );
  return { amount: text(signed), atMs, reference, note };
}

function amountOf(typed: string) {
  const amount = /^\d+(\.\d+)?$/.test(typed) ? decimal(typed) : ZERO;
  const isSound = amount.gt(ZERO) && amount.lt(AMOUNT_MAX);
  if (isSound && amount.decimalPlaces() <= AMOUNT_DECIMALS_MAX) return amount;
  throw new RangeError(`${JSON.stringify(typed)} is no amount: allowed is a decimal above zero`);
}

function instantOf(typed: string | null, nowMs: EpochMs): EpochMs {
  if (typed === null) return nowMs;
  const atMs = INSTANT.test(typed) ? Date.parse(typed) : Number.NaN;
  if (Number.isNaN(atMs)) {
    throw new RangeError(
      `${JSON.stringify(typed)} is no instant: allowed is one with its zone, such as 2026-11-24T15:30:00Z`,
    );
  }
  if (atMs > nowMs) throw new RangeError(`${typed} is not yet: tell it once it has happened`);
  if (atMs < nowMs - BACK_MAX_MS) throw new RangeError(`${typed} is more than a year ago`);
  return atMs;
}

function referenceOf(typed: string): string {
  const reference = typed.trim();
  if (/^[\x21-\x7e]+$/.test(reference) && reference.length <= REFERENCE_CHARACTERS_MAX) {
    return reference;
  }
  throw new RangeError(
    `${JSON.stringify(typed)} is no reference: allowed are ${REFERENCE_CHARACTERS_MAX} characters without blanks`,
  );
}

/**
 * Why a movement is not the one that stands under its reference: the names of what differs; empty when it is.
 * `isTimed`: the instant was typed, and not taken from the clock.
 */
export function differences(
  known: Pick<Movement, 'amount' | 'atMs'>,
  told: Pick<Movement, 'amount' | 'atMs'>,
  isTimed: boolean,
): string[] {
  return [
    ...(decimal(known.amount).eq(decimal(told.amount)) ? [] : ['amount']),
    ...(isTimed && known.atMs !== told.atMs ? ['at'] : []),
  ];
}
