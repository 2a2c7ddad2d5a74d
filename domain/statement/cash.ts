/**
 * A statement's cash beside the movements that are recorded (REC-6, RSK-8). A deposit or a withdrawal that a person told
 * and a statement names is one movement: both rows are kept, the later one says which it is the same as, and that one
 * counts. A day's result is without what counts.
 */
import { brokerDay, type DateText } from '../calendar.js';
import { decimal, text, type DecimalText } from '../money.js';
import { cut } from '../text.js';
import type { EpochMs } from '../vocabulary.js';
import type { CashKind, StatementMovement } from './statement.js';

/** What a movement from a statement is called within its account. */
export function statementReference(transactionId: string): string {
  return `flex:${transactionId}`;
}

/** As it is recorded. */
export interface CashRow {
  readonly reference: string;
  readonly kind: CashKind;
  /** Signed, in the account's base currency. */
  readonly amount: DecimalText;
  /** As the statement has it. */
  readonly toldAmount: DecimalText;
  readonly toldCurrency: string;
  readonly atMs: EpochMs;
  readonly note: string;
}

/** A movement that is recorded. */
export interface KnownCash {
  readonly id: string;
  readonly reference: string;
  readonly source: 'person' | 'flex';
  readonly kind: CashKind;
  readonly amount: DecimalText;
  /** As a statement had it; null: a person told it in the base currency. */
  readonly toldAmount: DecimalText | null;
  readonly toldCurrency: string | null;
  /** It was not converted from another currency. */
  readonly isExact: boolean;
  readonly atMs: EpochMs;
  /** It is the same as another row, or another row the same as it. */
  readonly isPaired: boolean;
}

/** The columns' own. */
const AMOUNT_DECIMALS = 8;
const NOTE_CHARACTERS_MAX = 200;

export type CashRead =
  | { readonly kind: 'row'; readonly row: CashRow }
  | { readonly kind: 'unusable'; readonly why: string };

/**
 * The row of a movement. Where the statement has its day alone, a deposit counts from the day's end and anything else from
 * its beginning: the side on which it can't hide a loss of the day after (`docs/flex.md`).
 */
export function cashRow(
  movement: StatementMovement,
  baseCurrency: string,
  nowMs: EpochMs,
): CashRead {
  const { transactionId, kind, currency, amount, description } = movement;
  const rate = currency === baseCurrency ? '1' : movement.rateToBase;
  if (rate === null) {
    const why = `it is in ${currency}, and the statement has no rate to ${baseCurrency}: add the field "FX Rate To Base" to the query`;
    return { kind: 'unusable', why };
  }
  const inBase = decimal(amount).mul(decimal(rate)).toDecimalPlaces(AMOUNT_DECIMALS);
  if (inBase.isZero()) return { kind: 'unusable', why: `it is worth nothing in ${baseCurrency}` };
  const ofDay = kind === 'deposit' ? movement.dayUntilMs : movement.dayFromMs;
  const atMs = Math.min(movement.atMs ?? ofDay, nowMs);
  const row = {
    ...{ reference: statementReference(transactionId), kind, amount: text(inBase), atMs },
    ...{ toldAmount: amount, toldCurrency: currency },
    note: cut(description, NOTE_CHARACTERS_MAX),
  };
  return { kind: 'row', row };
}

/** Rates move within a day: an amount that a person converted is the same within this. */
const CONVERTED_TOLERANCE = decimal('0.02');

/** What two tellings of a movement are compared by. */
export interface Telling {
  readonly kind: CashKind;
  readonly amount: DecimalText;
  readonly atMs: EpochMs;
  readonly days: readonly DateText[];
  /** It was not converted; of two such the amounts are equal, or they are two movements. */
  readonly isExact: boolean;
}

/** What a statement tells of a movement; its own day is that of its zone, a person's that of New York. */
export function tellingOf(
  { days, atMs }: StatementMovement,
  row: CashRow,
  baseCurrency: string,
): Telling {
  const { kind, amount } = row;
  const ofNewYork = atMs === null ? [] : [brokerDay(atMs)];
  const isExact = row.toldCurrency === baseCurrency;
  return { kind, amount, atMs: row.atMs, days: [...days, ...ofNewYork], isExact };
}

/**
 * The movement of the other source that is the same: of that kind, amount and day, and not paired yet; the nearest in time,
 * of equals the first by reference. Null when there is none.
 */
export function counterpart(
  telling: Telling,
  others: readonly KnownCash[],
  source: KnownCash['source'],
): KnownCash | null {
  if (telling.kind !== 'deposit' && telling.kind !== 'withdrawal') return null;
  const awayMs = ({ atMs }: KnownCash) => Math.abs(atMs - telling.atMs);
  const [nearest] = others
    .filter((other) => other.source === source && other.kind === telling.kind && !other.isPaired)
    .filter((other) => !isTakenBack(other, others))
    .filter(({ atMs }) => telling.days.includes(brokerDay(atMs)))
    .filter((other) => isSameAmount(other, telling))
    .sort((a, b) => awayMs(a) - awayMs(b) || (a.reference < b.reference ? -1 : 1));
  return nearest ?? null;
}

/** What was told wrongly is answered by its opposite of the same instant: neither is a movement. */
function isTakenBack(known: KnownCash, others: readonly KnownCash[]): boolean {
  if (known.source !== 'person') return false;
  return others.some(
    ({ source, atMs, amount }) =>
      source === 'person' && atMs === known.atMs && decimal(amount).eq(decimal(known.amount).neg()),
  );
}

function isSameAmount(known: KnownCash, { amount, isExact }: Telling): boolean {
  const [own, other] = [decimal(amount), decimal(known.amount)];
  if (isExact && known.isExact) return own.eq(other);
  return own.sub(other).abs().lte(own.abs().mul(CONVERTED_TOLERANCE));
}

/** Whether what is recorded under a movement's reference is that movement. A rate may be restated, and is nobody's news. */
export function isSameCash(known: KnownCash, row: CashRow): boolean {
  const isSame =
    known.toldAmount === null
      ? decimal(known.amount).eq(decimal(row.amount))
      : known.toldCurrency === row.toldCurrency &&
        decimal(known.toldAmount).eq(decimal(row.toldAmount));
  return isSame && known.kind === row.kind;
}
