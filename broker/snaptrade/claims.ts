/**
 * An order whose answer was lost is found again by what was sent: the same account, symbol, side, kind,
 * prices, size and time in force, placed while it was on its way, listed never before, and of no other order of this system. Where
 * more than one order or more than one sending fits, or one might whose terms can't all be read, nothing is said: a person can
 * tell them apart, a guess can't, and what may be there is not absent.
 */
import { decimal } from '../../domain/money.js';
import type { DecimalText } from '../../domain/money.js';
import type { OrderType } from '../../domain/vocabulary.js';
import type { Leg, Legs, Sending } from './legs.js';
import { wordsOf } from './reports.js';
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
  const fitting = lost.map((leg) => {
    const judged = free
      .filter((one) => isNew(leg, one))
      .map((one) => ({ one, fit: fitOf(leg, one) }));
    const of = (wanted: Fit) => judged.filter(({ fit }) => fit === wanted).map(({ one }) => one);
    return { leg, same: of('same'), unread: of('unread') };
  });
  const taken = new Set(fitting.flatMap(({ same }) => same));
  const found = [];
  const problems = [];
  for (const { leg, same, unread } of fitting) {
    const [record] = same;
    if (!record) {
      // It may be this one: that it is not there can't be said.
      if (unread.some((one) => !taken.has(one))) problems.push(leg.clientOrderId);
      continue;
    }
    const rivals = fitting.filter((other) => other.leg !== leg && other.same.includes(record));
    if (same.length === 1 && rivals.length === 0) found.push({ leg, record });
    else problems.push(leg.clientOrderId);
  }
  const told = `which of the listed orders these are can't be told: ${problems.join(', ')}`;
  return { found, problem: problems.length === 0 ? null : told };
}

/**
 * `unread`: what is told of it agrees, and something of it is not told, or in a brokerage's own words: SnapTrade hands on
 * what it can't map.
 */
type Fit = 'same' | 'unread' | 'other';

function fitOf({ symbol, sending }: Leg, record: OrderRecord): Fit {
  if (!sending) return 'other';
  const { terms, units } = sending;
  const read = wordsOf(record);
  const isKind = (...kinds: readonly OrderType[]) => kinds.includes(terms.orderType);
  const fits: readonly Fit[] = [
    symbolFit(record, symbol),
    timeFit(sending, record),
    wordFit(read.side, terms.side),
    wordFit(read.orderType, terms.orderType),
    wordFit(read.timeInForce, terms.timeInForce),
    amountFit(record.total_quantity, units),
    isKind('LMT', 'STP LMT') ? amountFit(record.limit_price, terms.limitPrice) : 'same',
    isKind('STP', 'STP LMT') ? amountFit(record.stop_price, terms.stopPrice) : 'same',
  ];
  if (fits.includes('other')) return 'other';
  return fits.includes('unread') ? 'unread' : 'same';
}

/** An option has a symbol of its own; without either nobody knows what it is. */
function symbolFit(
  { universal_symbol: share, option_symbol: option }: OrderRecord,
  sent: string,
): Fit {
  if (!share) return option ? 'other' : 'unread';
  return wordFit(share.raw_symbol, sent);
}

function timeFit({ writtenAtMs: fromMs, endedAtMs }: Sending, record: OrderRecord): Fit {
  const earliest = fromMs - CLOCKS_DIFFER_MS;
  const placedAtMs = Date.parse(record.time_placed ?? '');
  if (Number.isFinite(placedAtMs)) {
    const latest = (endedAtMs ?? fromMs) + UNDER_WAY_MS;
    return placedAtMs >= earliest && placedAtMs <= latest ? 'same' : 'other';
  }
  // What was dealt or changed before can't have been placed since.
  const told = [record.time_executed, record.time_updated].map((time) => Date.parse(time ?? ''));
  return told.some((ms) => ms < earliest) ? 'other' : 'unread';
}

function wordFit(read: string | null, sent: string): Fit {
  if (read === null) return 'unread';
  return read === sent ? 'same' : 'other';
}

function amountFit(read: DecimalText | null, sent: DecimalText | null): Fit {
  if (read === null) return 'unread';
  return sent !== null && decimal(read).eq(decimal(sent)) ? 'same' : 'other';
}
