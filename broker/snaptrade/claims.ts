/**
 * An order whose answer was lost is found again by what was sent: the same account, symbol, side, kind,
 * prices, size and time in force, placed while it was on its way, listed never before, and of no other order of this system. Where
 * more than one order or more than one sending fits, nothing is said: a person can tell them apart, a guess can't.
 */
import { decimal } from '../../domain/money.js';
import type { DecimalText } from '../../domain/money.js';
import type { EpochMs } from '../../domain/vocabulary.js';
import type { Leg, Legs } from './legs.js';
import { termsOf } from './reports.js';
import type { OrderRecord } from './schemas.js';

/** Clocks of brokerages differ from this one by seconds. */
const CLOCKS_DIFFER_MS = 10_000;
/** How long after it was given up a request may still reach the brokerage. */
const UNDER_WAY_MS = 60_000;

export interface Claims {
  readonly found: readonly { readonly leg: Leg; readonly record: OrderRecord }[];
  /** Why some could not be told apart, for people; null when all could. */
  readonly problem: string | null;
}

/** @param records all that the account's lists show. */
export function claimsIn(legs: Legs, account: string, records: readonly OrderRecord[]): Claims {
  const isNew = ({ sending }: Leg, { brokerage_order_id: id }: OrderRecord) =>
    !legs.wasSeenBefore(id, sending?.writtenAtMs ?? 0);
  const free = records.filter((one) => legs.ofBroker(one.brokerage_order_id) === undefined);
  const lost = [...legs.all()].filter((leg) => {
    return leg.account === account && leg.sending?.outcome === 'unknown';
  });
  const fitting = lost.map((leg) => ({
    leg,
    records: free.filter((one) => fits(leg, one) && isNew(leg, one)),
  }));
  const found = [];
  const problems = [];
  for (const { leg, records: own } of fitting) {
    const [record] = own;
    if (!record) continue;
    const rivals = fitting.filter((other) => other.leg !== leg && other.records.includes(record));
    if (own.length === 1 && rivals.length === 0) found.push({ leg, record });
    else problems.push(leg.clientOrderId);
  }
  const told = `which of the listed orders these are can't be told: ${problems.join(', ')}`;
  return { found, problem: problems.length === 0 ? null : told };
}

function fits({ symbol, sending }: Leg, record: OrderRecord): boolean {
  if (!sending || record.universal_symbol?.raw_symbol !== symbol) return false;
  const read = termsOf(record);
  if (!read || !isPlacedWhile(sending.writtenAtMs, sending.endedAtMs, record.time_placed)) {
    return false;
  }
  const { terms } = sending;
  return (
    read.side === terms.side &&
    read.orderType === terms.orderType &&
    read.timeInForce === terms.timeInForce &&
    isSame(read.quantity, sending.units) &&
    isSame(read.limitPrice, terms.limitPrice) &&
    isSame(read.stopPrice, terms.stopPrice)
  );
}

function isPlacedWhile(fromMs: EpochMs, untilMs: EpochMs | null, placed: string | null): boolean {
  const placedAtMs = placed === null ? Number.NaN : Date.parse(placed);
  const latest = (untilMs ?? fromMs) + UNDER_WAY_MS;
  return placedAtMs >= fromMs - CLOCKS_DIFFER_MS && placedAtMs <= latest;
}

function isSame(first: DecimalText | null, second: DecimalText | null): boolean {
  if (first === null || second === null) return first === second;
  return decimal(first).eq(decimal(second));
}
