/**
 * Shares of a trade that somebody closed at the broker without this system (TRD-6: external). What was sold
 * there is booked to the trade as a CLOSE that this system never wrote; the planner then brings the exits
 * down to what is left, and a trade of which nothing is left comes to its end.
 */
import { decimal, min, sum, text, ZERO, type Decimal, type DecimalText } from '../money.js';
import { isLive, newLeg } from '../orders/machine.js';
import { opposite, type EpochMs } from '../vocabulary.js';
import { nextSequence, withLeg, type Book, type BookFill, type Change } from './book.js';
import { exitTerms } from './bracket.js';
import { isOpen, placing } from './incarnation.js';
import { step } from './leg.js';
import { viewOf } from './view.js';

/** An execution of no order of ours, or a part of one: what of it is this trade's. */
export interface OutsideFill {
  readonly executionId: string;
  readonly executionKey: string;
  readonly correction: number;
  readonly quantity: DecimalText;
  readonly price: DecimalText;
  readonly brokerOrderId: string | null;
  readonly executedAtMs: EpochMs;
  /** It is a part of an execution, or concluded from the position alone. */
  readonly inferred: boolean;
  /** It counted as others' before; false: the position alone tells of it. */
  readonly wasExternal: boolean;
  readonly commission: DecimalText | null;
  readonly commissionCurrency: string | null;
}

/** An external execution as the books have it, in the closing direction. */
export type OutsideExecution = Omit<OutsideFill, 'inferred' | 'wasExternal'> & {
  /** What of it no trade has taken yet. */
  readonly left: DecimalText;
};

/** What the keys of all parts begin with. */
export const PART_PREFIX = 'outside-';

/** What the keys of all parts of an execution begin with. */
export function partKeyPrefix(executionKey: string): string {
  return `${PART_PREFIX}${executionKey}-`;
}

/** What the keys of fills begin with that a position alone told of, or a person. */
export const GONE_PREFIX = 'gone-';

/** And of those at a price that a person named. */
export const PRICED_PREFIX = `${GONE_PREFIX}priced-`;

/** Nobody knows its price: what the shares cost was taken. */
export function isUnpriced({ executionKey }: Pick<OutsideFill, 'executionKey'>): boolean {
  return executionKey.startsWith(GONE_PREFIX) && !executionKey.startsWith(PRICED_PREFIX);
}

/** Whether something of the trade is still to be told: then nobody knows yet who closed it. */
export function isSettledAtBroker({ legs }: Book): boolean {
  return legs.every((leg) => {
    const isMissed = isLive(leg) && (placing(leg)?.missed ?? null) !== null;
    return !isMissed && !leg.incarnations.some(isOpen) && leg.status !== 'UNKNOWN';
  });
}

/** When the trade's first shares were bought, by the broker's clock: nothing before it closed any of them. */
export function firstFillAtMs({ fills, side, openedAtMs }: Book): EpochMs {
  const entered = fills.filter((fill) => fill.side === side && !fill.superseded);
  if (entered.length === 0) return openedAtMs ?? 0;
  return Math.min(...entered.map(({ executedAtMs }) => executedAtMs));
}

/**
 * Shares that were closed outside, out of the newest executions: a whole one as it is, of a larger one a
 * part at its price. An execution may close several trades, and one of them more than once. `sequence`: of
 * the close that they are booked on.
 */
export function outsideFills(
  wanted: Decimal,
  executions: readonly OutsideExecution[],
  book: Book,
  sequence = nextSequence(book, 'CLOSE'),
): OutsideFill[] {
  let missing = wanted;
  const fills: OutsideFill[] = [];
  for (const { left, ...execution } of executions) {
    if (missing.lte(ZERO)) break;
    const taken = min(missing, decimal(left));
    if (taken.lte(ZERO)) continue;
    const isWhole = taken.eq(decimal(execution.quantity));
    const whole = { ...execution, inferred: false, wasExternal: true };
    fills.push(isWhole ? whole : partOf(whole, taken, `${book.id.slice(0, 8)}-${sequence}`));
    missing = missing.sub(taken);
  }
  return fills;
}

/** Its commission stays with the execution. Its key is the trade's and the close's: another part has another. */
function partOf(execution: OutsideFill, taken: Decimal, owner: string): OutsideFill {
  const key = `${partKeyPrefix(execution.executionKey)}${owner}`;
  return {
    ...execution,
    ...{ executionId: key, executionKey: key, correction: 1, quantity: text(taken) },
    ...{ inferred: true, commission: '0' },
  };
}

/** The close that somebody else made, still without its fills. */
export function withOutsideClose(
  book: Book,
  { legId, clientOrderId }: { readonly legId: string; readonly clientOrderId: string },
  quantity: DecimalText,
): Change {
  const side = opposite(book.side);
  const leg = {
    ...newLeg({ legId, role: 'CLOSE', side, quantity }),
    ...{ clientOrderId, sequence: nextSequence(book, 'CLOSE'), readBack: null },
    wanted: { ...exitTerms(side, quantity, null), timeInForce: 'DAY' as const },
    ...{ brokerStatus: 'closed outside', incarnations: [], acknowledgedAtMs: null },
  };
  return { book: { ...book, legs: [...book.legs, leg] }, events: [] };
}

/** Books what was closed outside on that leg. */
export function bookOutside(
  book: Book,
  legId: string,
  fills: readonly OutsideFill[],
  nowMs: EpochMs,
): Change {
  const { symbol, brokerContractId = 0 } = book.instrument;
  const side = opposite(book.side);
  const booked = fills.map(({ wasExternal: _, ...fill }): BookFill => ({
    ...{ ...fill, legId, side, symbol, brokerContractId },
    ...{ superseded: false, receivedAtMs: nowMs, brokerRealizedPnl: null },
  }));
  const filled = withLeg(book, legId, (leg) =>
    fills.reduce((now, { executionId, executionKey, correction, quantity, price }) => {
      const execution = { executionId, executionKey, correction, quantity, price };
      return step(now, { kind: 'executed', ...execution });
    }, leg),
  );
  const quantity = text(sum(fills.map((fill) => decimal(fill.quantity))));
  const prices = [...new Set(fills.map(({ price }) => price))].join(', ');
  const how = fills.some(({ inferred }) => inferred) ? ', in part concluded' : '';
  const summary = `${side} ${quantity} at ${prices}: closed outside of this system${how}`;
  return {
    book: { ...filled, fills: [...filled.fills, ...booked] },
    events: [{ kind: 'closed_outside', summary, detail: { quantity, fills } }],
  };
}

/**
 * A fill concluded from a position, told by no execution: at the price that a person names, else at the
 * trade's own average, for nobody knows a better one. `atMs`: when it was there no more. Null before the
 * trade had shares.
 */
export function goneFill(
  book: Book,
  quantity: Decimal,
  atMs: EpochMs,
  namedPrice: DecimalText | null = null,
): OutsideFill | null {
  const { averageEntry } = viewOf(book);
  if (averageEntry === null) return null;
  const prefix = namedPrice === null ? GONE_PREFIX : PRICED_PREFIX;
  const key = `${prefix}${book.id}-${book.fills.length}`;
  return {
    ...{ executionId: key, executionKey: key, correction: 1, quantity: text(quantity) },
    ...{ price: namedPrice ?? averageEntry, brokerOrderId: null, executedAtMs: atMs },
    inferred: true,
    ...{ wasExternal: false, commission: '0', commissionCurrency: null },
  };
}
