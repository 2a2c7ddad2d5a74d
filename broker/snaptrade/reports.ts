/**
 * SnapTrade's order records in this system's words. A record tells one total of what was filled and its average
 * price, and no single fills: that total is told as one execution, corrected as it grows. Its number is what is
 * filled, so that every process gives the same id to the same total.
 */
import { decimal, text, ZERO } from '../../domain/money.js';
import type { Decimal, DecimalText } from '../../domain/money.js';
import { hasEnded } from '../../domain/orders/table.js';
import type { EpochMs, OrderType, Side, TimeInForce } from '../../domain/vocabulary.js';
import type { ExecutionReport, OrderReport, OrderTerms } from '../port.js';
import { contractIdOf } from './contract-ids.js';
import type { Leg } from './legs.js';
import type { OrderRecord } from './schemas.js';
import { orderStatusFrom } from './status.js';

const TYPES: Readonly<Record<string, OrderType>> = {
  Market: 'MKT',
  Limit: 'LMT',
  Stop: 'STP',
  StopLimit: 'STP LMT',
};

const TIMES_IN_FORCE: Readonly<Record<string, TimeInForce>> = {
  Day: 'DAY',
  GTC: 'GTC',
  GTD: 'GTD',
};

/** `BUY`, `BUY_COVER`, `SELL_SHORT` …; null for a word that is neither. */
function sideOf(action: string): Side | null {
  if (action.startsWith('BUY')) return 'BUY';
  return action.startsWith('SELL') ? 'SELL' : null;
}

/** The words of a record in this system's; null for each that is not known here. */
export function wordsOf(record: OrderRecord) {
  return {
    side: sideOf(record.action),
    orderType: TYPES[record.order_type ?? ''] ?? null,
    timeInForce: TIMES_IN_FORCE[record.time_in_force ?? ''] ?? null,
  };
}

/** The terms as read back; null when a word of them is not known here. */
function termsOf(record: OrderRecord): OrderTerms | null {
  const { side, orderType, timeInForce } = wordsOf(record);
  if (!side || !orderType || !timeInForce || record.total_quantity === null) return null;
  const expires = record.expiry_date === null ? Number.NaN : Date.parse(record.expiry_date);
  return {
    ...{ side, orderType, timeInForce },
    quantity: record.total_quantity,
    limitPrice: orderType === 'LMT' || orderType === 'STP LMT' ? record.limit_price : null,
    stopPrice: orderType === 'STP' || orderType === 'STP LMT' ? record.stop_price : null,
    ...{ trailAmount: null, trailFraction: null },
    goodTillMs: timeInForce === 'GTD' && Number.isFinite(expires) ? expires : null,
    outsideRegularHours: false,
    ...{ ocaGroup: null, ocaType: null, triggerMethod: null },
  };
}

export function filledOf({ filled_quantity: filled }: OrderRecord): Decimal {
  return decimal(filled ?? '0');
}

/** Who an order belongs to; `sessionClientId` is what this system's are told as. */
export interface Owner {
  readonly account: string;
  readonly leg: Leg | undefined;
  readonly sessionClientId: number;
}

/** An order that is not this system's, or a leg's last record without what it replaced. */
export function reportOf(record: OrderRecord, owner: Owner): OrderReport {
  const { account, leg, sessionClientId } = owner;
  const symbolId = record.universal_symbol?.id;
  const filled = filledOf(record);
  const total = decimal(record.total_quantity ?? '0');
  const open = record.open_quantity === null ? total.sub(filled) : decimal(record.open_quantity);
  return {
    clientOrderId: leg?.clientOrderId ?? null,
    brokerOrderId: record.brokerage_order_id,
    sessionOrderId: leg?.sessionOrderId ?? 0,
    sessionClientId: leg ? sessionClientId : -1,
    account,
    symbol: record.universal_symbol?.raw_symbol ?? null,
    brokerContractId: symbolId === undefined ? null : contractIdOf(symbolId),
    status: orderStatusFrom(record.status),
    brokerStatus: record.status,
    whyHeld: '',
    filledQuantity: text(filled),
    remainingQuantity: text(open),
    averageFillPrice: record.execution_price,
    terms: termsOf(record),
    parentSessionOrderId: null,
  };
}

/** A leg as one order: what it replaced counts for what was filled of it. */
export function legReport(leg: Leg, sessionClientId: number): OrderReport | null {
  const records = leg.chain.flatMap((id) => leg.records.get(id) ?? []);
  const last = records.at(-1);
  if (!last || last.brokerage_order_id !== leg.chain.at(-1)) return null;
  if (isReplacedUnseen(leg, last)) return null;
  const own = reportOf(last, { account: leg.account, leg, sessionClientId });
  if (records.length === 1) return own;
  const before = records.slice(0, -1).reduce((all, one) => all.add(filledOf(one)), ZERO);
  const filled = before.add(filledOf(last));
  const partial = own.status === 'ACCEPTED' && filled.gt(0) ? 'PARTIAL' : own.status;
  return {
    ...own,
    status: partial,
    filledQuantity: text(filled),
    averageFillPrice: filled.isZero() ? null : averageOf(records, filled),
    terms: own.terms && {
      ...own.terms,
      quantity: text(decimal(own.terms.quantity).add(before)),
    },
  };
}

/** Its end says nothing while nobody knows of the order that takes its place: that one may be at work. */
export function isReplacedUnseen({ sending }: Leg, { status }: OrderRecord): boolean {
  return status === 'REPLACED' && (sending?.outcome === 'asked' || sending?.outcome === 'unknown');
}

function averageOf(records: readonly OrderRecord[], filled: Decimal): DecimalText {
  const turnover = records.reduce(
    (all, one) => all.add(filledOf(one).mul(decimal(one.execution_price ?? '0'))),
    ZERO,
  );
  return text(turnover.div(filled));
}

/** Thousandths of a share, as far as the number has room in the database: two million shares of one order. */
const CORRECTION_SCALE = 1_000;
const CORRECTION_MAX = 2_147_483_647;

/** What was filled of a record, as one execution; null when nothing was, or its price is not told yet. */
export function executionOf(record: OrderRecord, owner: Owner): ExecutionReport | null {
  const { account, leg, sessionClientId } = owner;
  const side = sideOf(record.action);
  const filled = filledOf(record);
  const symbol = record.universal_symbol;
  if (!side || !symbol || !filled.gt(0) || record.execution_price === null) return null;
  const id = record.brokerage_order_id;
  return {
    executionId: `${id}.${text(filled)}`,
    executionKey: id,
    correction: Math.min(filled.mul(CORRECTION_SCALE).ceil().toNumber(), CORRECTION_MAX),
    clientOrderId: leg?.clientOrderId ?? null,
    brokerOrderId: id,
    sessionOrderId: leg?.sessionOrderId ?? 0,
    sessionClientId: leg ? sessionClientId : -1,
    account,
    symbol: symbol.raw_symbol,
    brokerContractId: contractIdOf(symbol.id),
    side,
    quantity: text(filled),
    price: record.execution_price,
    executedAtMs: dealtAtMs(record),
  };
}

/** When something was dealt of it last, as far as the brokerage told. */
export function dealtAtMs(record: OrderRecord): EpochMs {
  const told = record.time_executed ?? record.time_updated ?? record.time_placed ?? '';
  const time = Date.parse(told);
  return Number.isFinite(time) ? time : 0;
}

/** Whether the brokerage has done with it. */
export function isOver(record: OrderRecord): boolean {
  return hasEnded(orderStatusFrom(record.status));
}
